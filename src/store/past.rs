//! Rows as they were, to be put back by an undo.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::codec::{text, word};
use super::connectors::insert;
use super::{Store, StoreError, StoredConnector};
use crate::domain::{ConnectorId, Permission, PersonId, Timestamp};

/// A function before its permission was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionBefore {
    /// What it is called by.
    pub name: String,
    /// The digest of its definition then, which setting the permission accepted, if it
    /// accepted anything.
    pub digest: String,
    /// What was accepted before that, by digest and definition, where it was not this
    /// very one; `None`: it was, or it stays accepted.
    pub accepted: Option<Option<(String, String)>>,
    /// What was allowed; `None`: nobody had said.
    pub permission: Option<Permission>,
}

/// What an undo of permissions did, by the functions' names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PutBack {
    /// They are as they were.
    pub done: Vec<String>,
    /// They were changed since, and are as they are.
    pub changed: Vec<String>,
}

/// Everything of a connector but its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeConnector {
    /// The connector.
    pub stored: StoredConnector,
    functions: Vec<FunctionRow>,
    permissions: Vec<PermissionRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct FunctionRow {
    name: String,
    position: i64,
    definition: String,
    digest: String,
    accepted_digest: Option<String>,
    accepted_definition: Option<String>,
    present: i64,
    first_seen: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct PermissionRow {
    person: String,
    function: String,
    permission: String,
    set_at: i64,
}

impl FunctionBefore {
    /// How much it takes in memory, in bytes, its texts counted.
    pub fn bytes(&self) -> usize {
        let accepted = self.accepted.as_ref().and_then(Option::as_ref);
        let definition = accepted.map_or(0, |(_, definition)| definition.len());
        self.name.len() + definition + 128
    }

    /// Whether setting this permission changes anything.
    pub fn differs_from(&self, permission: Permission) -> bool {
        self.accepted.is_some() || self.permission.unwrap_or(Permission::Ask) != permission
    }
}

impl WholeConnector {
    /// How much it takes in memory, in bytes, its texts counted.
    pub fn bytes(&self) -> usize {
        let functions = self.functions.iter().map(|row| {
            let accepted = row.accepted_definition.as_ref().map_or(0, String::len);
            row.name.len() + row.definition.len() + accepted
        });
        let permissions = self.permissions.iter().map(|row| row.function.len() + 64);
        functions.chain(permissions).sum()
    }
}

impl Store {
    /// The listed functions as they are before a permission is set, in the server's
    /// order.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn before_permitting(
        &self,
        connector: &ConnectorId,
        person: &PersonId,
    ) -> Result<Vec<FunctionBefore>, StoreError> {
        let rows = sqlx::query(
            "select f.name, f.digest, f.accepted_digest, f.accepted_definition, p.permission \
             from functions f left join permissions p on p.connector_id = f.connector_id \
             and p.function = f.name and p.person_id = $2 \
             where f.connector_id = $1 and f.present = 1 order by f.position",
        )
        .bind(connector.as_str())
        .bind(person.as_str())
        .fetch_all(self.reading()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        rows.iter()
            .map(|row| self.read_past(row, read_before))
            .collect()
    }

    /// Puts permissions, and what was accepted, back to what they were before
    /// `set` was set, and the definition accepted or not with it: of those functions
    /// alone that nobody has touched since.
    ///
    /// # Errors
    /// Where the database cannot be written; nothing is put back then.
    pub async fn put_back(
        &self,
        connector: &ConnectorId,
        person: &PersonId,
        before: &[FunctionBefore],
        set: Permission,
        accepted: bool,
    ) -> Result<PutBack, StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut transaction = self.writing()?.begin().await.map_err(failed)?;
        let mut put_back = PutBack::default();
        for function in before {
            let untouched = is_untouched(
                &mut transaction,
                connector,
                person,
                function,
                (set, accepted),
            )
            .await
            .map_err(failed)?;
            if !untouched {
                put_back.changed.push(function.name.clone());
                continue;
            }
            restore_function(&mut transaction, connector, person, function)
                .await
                .map_err(failed)?;
            put_back.done.push(function.name.clone());
        }
        transaction.commit().await.map_err(failed)?;
        Ok(put_back)
    }

    /// Everything of a connector but its secrets, about to be removed.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn whole_connector(
        &self,
        stored: &StoredConnector,
    ) -> Result<WholeConnector, StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let id = stored.connector.id.as_str();
        let functions = sqlx::query(
            "select name, position, definition, digest, accepted_digest, accepted_definition, \
             present, first_seen from functions where connector_id = $1 order by position",
        )
        .bind(id)
        .fetch_all(self.reading()?)
        .await
        .map_err(failed)?;
        let permissions = sqlx::query(
            "select person_id, function, permission, set_at from permissions \
             where connector_id = $1",
        )
        .bind(id)
        .fetch_all(self.reading()?)
        .await
        .map_err(failed)?;
        Ok(WholeConnector {
            stored: stored.clone(),
            functions: functions
                .iter()
                .map(|row| self.read_past(row, read_function))
                .collect::<Result<_, _>>()?,
            permissions: permissions
                .iter()
                .map(|row| self.read_past(row, read_permission))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Brings back a connector that was removed, with its functions, what was
    /// accepted of them, and everybody's permissions.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], or where the database cannot be written; nothing
    /// comes back then.
    pub async fn restore_connector(
        &self,
        whole: &WholeConnector,
        by: &PersonId,
    ) -> Result<(), StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut transaction = self.writing()?.begin().await.map_err(failed)?;
        insert(&mut transaction, &whole.stored, by)
            .await
            .map_err(failed)?;
        let id = &whole.stored.connector.id;
        for row in &whole.functions {
            insert_function(&mut transaction, id, row)
                .await
                .map_err(failed)?;
        }
        for row in &whole.permissions {
            insert_permission(&mut transaction, id, row)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    fn read_past<T>(
        &self,
        row: &AnyRow,
        read: fn(&AnyRow) -> Result<T, String>,
    ) -> Result<T, StoreError> {
        read(row).map_err(|what| StoreError::Unexpected {
            path: self.path.clone(),
            what,
        })
    }
}

/// Whether a function has the permission that was set, and what that accepted, where
/// it did, is what is accepted.
async fn is_untouched(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
    person: &PersonId,
    function: &FunctionBefore,
    (set, accepted): (Permission, bool),
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query(
        "select f.name from functions f join permissions p on p.connector_id = f.connector_id \
         and p.function = f.name where f.connector_id = $1 and f.name = $2 \
         and ($6 = 0 or f.accepted_digest = $3) and p.person_id = $4 and p.permission = $5",
    )
    .bind(connector.as_str())
    .bind(&function.name)
    .bind(&function.digest)
    .bind(person.as_str())
    .bind(text(&set))
    .bind(i64::from(accepted))
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(found.is_some())
}

async fn restore_function(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
    person: &PersonId,
    function: &FunctionBefore,
) -> Result<(), sqlx::Error> {
    if let Some(accepted) = &function.accepted {
        let (digest, definition) = accepted.clone().unzip();
        sqlx::query(
            "update functions set accepted_digest = $3, accepted_definition = $4 \
             where connector_id = $1 and name = $2",
        )
        .bind(connector.as_str())
        .bind(&function.name)
        .bind(digest)
        .bind(definition)
        .execute(&mut **transaction)
        .await?;
    }
    let query = match &function.permission {
        Some(permission) => sqlx::query(
            "update permissions set permission = $4, set_at = $5 \
             where person_id = $1 and connector_id = $2 and function = $3",
        )
        .bind(person.as_str())
        .bind(connector.as_str())
        .bind(&function.name)
        .bind(text(permission))
        .bind(Timestamp::now().as_millis()),
        None => sqlx::query(
            "delete from permissions where person_id = $1 and connector_id = $2 and function = $3",
        )
        .bind(person.as_str())
        .bind(connector.as_str())
        .bind(&function.name),
    };
    query.execute(&mut **transaction).await?;
    Ok(())
}

async fn insert_function(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
    row: &FunctionRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into functions (connector_id, name, position, definition, digest, \
         accepted_digest, accepted_definition, present, first_seen) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(connector.as_str())
    .bind(&row.name)
    .bind(row.position)
    .bind(&row.definition)
    .bind(&row.digest)
    .bind(row.accepted_digest.clone())
    .bind(row.accepted_definition.clone())
    .bind(row.present)
    .bind(row.first_seen)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

async fn insert_permission(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
    row: &PermissionRow,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into permissions (person_id, connector_id, function, permission, set_at) \
         values ($1, $2, $3, $4, $5)",
    )
    .bind(&row.person)
    .bind(connector.as_str())
    .bind(&row.function)
    .bind(&row.permission)
    .bind(row.set_at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn required(row: &AnyRow, name: &str) -> Result<String, String> {
    row.try_get(name).map_err(|error| error.to_string())
}

fn optional(row: &AnyRow, name: &str) -> Result<Option<String>, String> {
    row.try_get(name).map_err(|error| error.to_string())
}

fn number(row: &AnyRow, name: &str) -> Result<i64, String> {
    row.try_get(name).map_err(|error| error.to_string())
}

fn read_before(row: &AnyRow) -> Result<FunctionBefore, String> {
    let digest = required(row, "digest")?;
    let accepted = optional(row, "accepted_digest")?.zip(optional(row, "accepted_definition")?);
    let is_this = accepted.as_ref().is_some_and(|(of, _)| *of == digest);
    Ok(FunctionBefore {
        name: required(row, "name")?,
        accepted: (!is_this).then_some(accepted),
        digest,
        permission: optional(row, "permission")?.map(|p| word(&p)).transpose()?,
    })
}

fn read_function(row: &AnyRow) -> Result<FunctionRow, String> {
    Ok(FunctionRow {
        name: required(row, "name")?,
        position: number(row, "position")?,
        definition: required(row, "definition")?,
        digest: required(row, "digest")?,
        accepted_digest: optional(row, "accepted_digest")?,
        accepted_definition: optional(row, "accepted_definition")?,
        present: number(row, "present")?,
        first_seen: number(row, "first_seen")?,
    })
}

fn read_permission(row: &AnyRow) -> Result<PermissionRow, String> {
    Ok(PermissionRow {
        person: required(row, "person_id")?,
        function: required(row, "function")?,
        permission: required(row, "permission")?,
        set_at: number(row, "set_at")?,
    })
}
