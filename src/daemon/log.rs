//! The board's log: what it did, never what anybody sent.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::lock::private_folder;
use crate::config::Home;
use crate::domain::Fault;

/// Above this size a log is set aside when the board starts, in bytes.
const LOG_LIMIT: u64 = 1024 * 1024;

/// Writes callboard's own records to the log file, mode 0600. Those of libraries
/// are left out altogether: some of them log whole messages, tokens included.
///
/// # Errors
/// Where the file cannot be opened.
pub(super) fn start(home: &Home) -> Result<(), Fault> {
    private_folder(&home.state)?;
    let path = home.log_file();
    if std::fs::metadata(&path).is_ok_and(|meta| meta.len() > LOG_LIMIT) {
        let _ = std::fs::rename(&path, path.with_extension("log.1"));
    }
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(&path)
        .map_err(|error| Fault::config(format!("{} cannot be opened: {error}", path.display())))?;
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(Mutex::new(file))
        .with_ansi(false)
        .with_filter(LevelFilter::INFO)
        .with_filter(filter_fn(|meta| meta.target().starts_with("callboard")));
    // A second board in one process exists in tests only; the first log serves.
    let _ = tracing_subscriber::registry().with(layer).try_init();
    Ok(())
}
