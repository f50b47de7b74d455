//! The socket, and who may come in.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use axum::serve::Listener;
use tokio::net::unix::SocketAddr;
use tokio::net::{UnixListener, UnixStream};
use tokio::time::{Duration, sleep};

use super::lock::private_folder;
use crate::domain::Fault;

/// How long to wait before accepting again when the process has no file
/// descriptors left.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(200);

/// A listening socket, mode 0600 in a folder 0700, that lets in this very user
/// alone and is unlinked when dropped.
#[derive(Debug)]
pub(super) struct Door {
    listener: UnixListener,
    path: PathBuf,
    uid: u32,
}

impl Door {
    /// Listens at `path`. The caller holds the board's lock, so that whatever lies
    /// there was left behind.
    ///
    /// # Errors
    /// Where the folder is not private or the socket cannot be made.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        if let Some(folder) = path.parent() {
            private_folder(folder)?;
        }
        let failed = |error: std::io::Error| {
            Fault::config(format!("{} cannot be listened on: {error}", path.display()))
                .hint("set CALLBOARD_HOME to a folder on a local disk")
        };
        match std::fs::remove_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let listener = UnixListener::bind(path).map_err(failed)?;
        std::fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(Self {
            listener,
            path: path.to_owned(),
            uid: rustix::process::getuid().as_raw(),
        })
    }
}

impl Listener for Door {
    type Io = UnixStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => match stream.peer_cred() {
                    Ok(peer) if peer.uid() == self.uid => return (stream, address),
                    Ok(peer) => tracing::warn!(uid = peer.uid(), "another user was turned away"),
                    Err(error) => tracing::warn!(%error, "a peer without a name was turned away"),
                },
                Err(error) => {
                    tracing::warn!(%error, "accepting failed");
                    sleep(OUT_OF_DESCRIPTORS).await;
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
