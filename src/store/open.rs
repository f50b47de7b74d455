//! Opening a database without ever harming it.

use std::fs;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection, Executor, SqlSafeStr};

use super::{Store, StoreError};

/// Every migration, oldest first; the place in the list is its version.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "board",
        include_str!("../../assets/migrations/0001_board.sql"),
    ),
    (
        "sign-in",
        include_str!("../../assets/migrations/0002_sign_in.sql"),
    ),
];

/// How a SQLite file begins (<https://www.sqlite.org/fileformat.html>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Length of a SQLite file's header, in bytes.
const HEAD_LENGTH: u64 = 100;

/// How long another program's lock is waited for, in milliseconds.
const BUSY_MS: u32 = 2_000;

impl Store {
    /// Opens the database at `path`, creating it (mode 0600, in a folder 0700) and
    /// bringing its layout up to date. Never fails: a database that cannot be used
    /// opens impaired.
    pub async fn open(path: &Path) -> Self {
        match Self::open_sound(path).await {
            Ok(pool) => Self {
                pool: Some(pool),
                impairment: None,
                path: path.to_owned(),
            },
            Err(impairment) => Self {
                pool: open_for_reading(path, &impairment).await,
                impairment: Some(impairment),
                path: path.to_owned(),
            },
        }
    }

    async fn open_sound(path: &Path) -> Result<AnyPool, StoreError> {
        sqlx::any::install_default_drivers();
        prepare_file(path)?;
        // A lone connection first: a pool would try again and again what fails
        // while a damaged file is opened.
        let mut lone = lone_connection(path).await?;
        let checked = check_and_migrate(&mut lone, path).await;
        // Nothing waits in its cache; a failure to say goodbye changes nothing.
        let _ = lone.close().await;
        checked?;
        connect(path, "rw", false).await
    }
}

/// Makes sure that there is a file that could be a database and may be written.
fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let unreadable = |error: std::io::Error| StoreError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    if let Some(folder) = path.parent()
        && !folder.exists()
    {
        fs::create_dir_all(folder).map_err(unreadable)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(unreadable)?;
    }
    // SQLite gives its side files the mode of the database.
    let created = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) if is_read_only(&error) => {
            return Err(StoreError::ReadOnly {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(unreadable(error)),
    }
    if let Some(reason) = damage_at_a_glance(path).map_err(unreadable)? {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: reason.to_owned(),
        });
    }
    match fs::OpenOptions::new().write(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if is_read_only(&error) => Err(StoreError::ReadOnly {
            path: path.to_owned(),
        }),
        Err(error) => Err(unreadable(error)),
    }
}

/// What the head of the file gives away: another kind of file, or a tail that is
/// missing, which SQLite's own check fills up with zeros.
fn damage_at_a_glance(path: &Path) -> std::io::Result<Option<&'static str>> {
    let mut head = Vec::new();
    let file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    file.take(HEAD_LENGTH).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(None);
    }
    if !head.starts_with(MAGIC) {
        return Ok(Some("it does not begin as a SQLite database does"));
    }
    let [page_high, page_low] = [head.get(16), head.get(17)].map(|byte| byte.copied().unwrap_or(0));
    let page_size = match u64::from(u16::from_be_bytes([page_high, page_low])) {
        1 => 65_536,
        size => size,
    };
    let pages = head
        .get(28..32)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_be_bytes);
    // Pages that are still in the write-ahead log may be missing from the file.
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log_is_empty = fs::metadata(log).map_or(0, |meta| meta.len()) == 0;
    Ok((log_is_empty && length < page_size * u64::from(pages)).then_some("its end is missing"))
}

fn is_read_only(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    )
}

/// The address by which sqlx opens a file.
fn address(path: &Path, mode: &str, immutable: bool) -> Result<String, StoreError> {
    let url = url::Url::from_file_path(path).map_err(|()| StoreError::Unreadable {
        path: path.to_owned(),
        reason: "its path is not absolute".to_owned(),
    })?;
    let immutable = if immutable { "&immutable=true" } else { "" };
    Ok(format!("sqlite://{}?mode={mode}{immutable}", url.path()))
}

/// A connection of its own, for looking before anything is written.
async fn lone_connection(path: &Path) -> Result<AnyConnection, StoreError> {
    let failed = |error: sqlx::Error| StoreError::from_sqlx(path, &error);
    let mut connection = AnyConnection::connect(&address(path, "rw", false)?)
        .await
        .map_err(failed)?;
    connection
        .execute(sqlx::AssertSqlSafe(format!(
            "pragma busy_timeout = {BUSY_MS}"
        )))
        .await
        .map_err(failed)?;
    Ok(connection)
}

/// One connection: SQLite has one writer, and each connection costs memory.
async fn connect(path: &Path, mode: &str, immutable: bool) -> Result<AnyPool, StoreError> {
    let pool = AnyPoolOptions::new()
        .max_connections(1)
        .min_connections(0)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(move |connection, _| {
            let pragmas = sqlx::AssertSqlSafe(format!(
                "pragma busy_timeout = {BUSY_MS}; pragma synchronous = full; \
                 pragma foreign_keys = on; pragma cache_size = -512;"
            ));
            Box::pin(async move {
                connection.execute(pragmas).await?;
                Ok(())
            })
        })
        .connect(&address(path, mode, immutable)?)
        .await;
    pool.map_err(|error| StoreError::from_sqlx(path, &error))
}

/// What can still be read of a database that must not be written.
async fn open_for_reading(path: &Path, impairment: &StoreError) -> Option<AnyPool> {
    let hopeless = matches!(
        impairment,
        StoreError::Damaged { .. } | StoreError::Newer { .. } | StoreError::Locked { .. }
    );
    if hopeless {
        return None;
    }
    // A read-only folder lets SQLite make no side files: only `immutable` works.
    for immutable in [false, true] {
        if let Ok(pool) = connect(path, "ro", immutable).await {
            let readable = sqlx::query("select count(*) from connectors")
                .fetch_one(&pool)
                .await;
            if readable.is_ok() {
                return Some(pool);
            }
            pool.close().await;
        }
    }
    None
}

async fn check_and_migrate(database: &mut AnyConnection, path: &Path) -> Result<(), StoreError> {
    let failed = |error: sqlx::Error| StoreError::from_sqlx(path, &error);
    let verdicts: Vec<(String,)> = sqlx::query_as("pragma quick_check(1)")
        .fetch_all(&mut *database)
        .await
        .map_err(failed)?;
    if let Some((verdict,)) = verdicts.first()
        && verdict != "ok"
    {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: verdict.clone(),
        });
    }
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let found = newest_migration(database).await.map_err(failed)?;
    if let Some(found) = found
        && found > known
    {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    probe_write(database).await.map_err(failed)?;
    database
        .execute("pragma journal_mode = wal")
        .await
        .map_err(failed)?;
    if found == Some(known) {
        return Ok(());
    }
    migrator()
        .run_direct(None, database, false)
        .await
        .map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) => failed(error),
            other => StoreError::Unexpected {
                path: path.to_owned(),
                what: other.to_string(),
            },
        })
}

/// The newest migration in the database; `None` for a new one.
async fn newest_migration(database: &mut AnyConnection) -> Result<Option<i64>, sqlx::Error> {
    let (tables,): (i64,) =
        sqlx::query_as("select count(*) from sqlite_master where name = '_sqlx_migrations'")
            .fetch_one(&mut *database)
            .await?;
    if tables == 0 {
        return Ok(None);
    }
    let (newest,): (i64,) =
        sqlx::query_as("select coalesce(max(version), 0) from _sqlx_migrations")
            .fetch_one(&mut *database)
            .await?;
    Ok(Some(newest))
}

/// Takes and gives back the write lock: says now, and not at the first write, that
/// another program holds it or that the file system takes nothing.
pub(super) async fn probe_write(database: &mut AnyConnection) -> Result<(), sqlx::Error> {
    database.execute("begin immediate").await?;
    database.execute("rollback").await?;
    Ok(())
}

fn migrator() -> Migrator {
    let migrations = MIGRATIONS
        .iter()
        .zip(1_i64..)
        .map(|((name, sql), version)| {
            Migration::new(
                version,
                (*name).into(),
                MigrationType::Simple,
                (*sql).into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
}
