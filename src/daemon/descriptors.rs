//! What a process inherits that it must not keep open.

use std::os::fd::RawFd;

/// The folder in which a process finds its own descriptors.
const OWN: &str = "/dev/fd";

/// Closes every file descriptor but the first three. A pipe of the shell that the
/// starter ran in would stay open for as long as the board lives, and with it
/// whoever reads to its end.
///
/// To be called before anything was opened: it closes what is there.
pub fn close_inherited() {
    let Ok(open) = std::fs::read_dir(OWN) else {
        return;
    };
    let inherited: Vec<RawFd> = open
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|descriptor| *descriptor > 2)
        .collect();
    for descriptor in inherited {
        // The one that listed them is closed already.
        let _ = nix::unistd::close(descriptor);
    }
}
