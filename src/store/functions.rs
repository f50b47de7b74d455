//! Functions and permissions at rest.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::codec::{text, word};
use super::{Store, StoreError};
use crate::domain::{ConnectorId, FunctionCounts, FunctionState, Permission, PersonId, Timestamp};

/// A function as a server listed it just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it is called by.
    pub name: String,
    /// The definition as JSON text.
    pub definition: String,
    /// SHA-256 of its canonical form, in hex.
    pub digest: String,
}

/// A function as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFunction {
    /// What it is called by.
    pub name: String,
    /// The definition as JSON text.
    pub definition: String,
    /// SHA-256 of its canonical form, in hex.
    pub digest: String,
    /// Whether that definition was accepted.
    pub state: FunctionState,
    /// What is allowed.
    pub permission: Permission,
}

/// How a listing differs from the one before. Names are the server's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingChange {
    /// Not seen before.
    pub new: Vec<String>,
    /// Differ from what was accepted, and did not before.
    pub changed: Vec<String>,
    /// Listed no longer.
    pub gone: Vec<String>,
    /// Whether anything at all differs, order included.
    pub any: bool,
    /// Whether this is the first list, accepted whole upon the operator's trust.
    pub first: bool,
}

struct Before {
    digest: String,
    accepted: Option<String>,
    present: bool,
    position: i64,
}

impl Store {
    /// The functions that a connector lists, in the server's order.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn functions(
        &self,
        connector: &ConnectorId,
        person: &PersonId,
    ) -> Result<Vec<StoredFunction>, StoreError> {
        let rows = sqlx::query(
            "select f.name, f.definition, f.digest, f.accepted_digest, p.permission \
             from functions f left join permissions p on p.connector_id = f.connector_id \
             and p.function = f.name and p.person_id = $2 \
             where f.connector_id = $1 and f.present = 1 order by f.position",
        )
        .bind(connector.as_str())
        .bind(person.as_str())
        .fetch_all(self.reading()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        rows.iter().map(|row| self.read_function(row)).collect()
    }

    /// One function, if it is listed.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn function(
        &self,
        connector: &ConnectorId,
        name: &str,
        person: &PersonId,
    ) -> Result<Option<StoredFunction>, StoreError> {
        let row = sqlx::query(
            "select f.name, f.definition, f.digest, f.accepted_digest, p.permission \
             from functions f left join permissions p on p.connector_id = f.connector_id \
             and p.function = f.name and p.person_id = $3 \
             where f.connector_id = $1 and f.name = $2 and f.present = 1",
        )
        .bind(connector.as_str())
        .bind(name)
        .bind(person.as_str())
        .fetch_optional(self.reading()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        row.map(|row| self.read_function(&row)).transpose()
    }

    /// The definition of a function that was accepted, as JSON text, where one was.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn accepted_definition(
        &self,
        connector: &ConnectorId,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let row: Option<(Option<String>,)> = sqlx::query_as(
            "select accepted_definition from functions where connector_id = $1 and name = $2",
        )
        .bind(connector.as_str())
        .bind(name)
        .fetch_optional(self.reading()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        Ok(row.and_then(|(definition,)| definition))
    }

    /// How many functions each connector lists, by permission.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn counts(
        &self,
        person: &PersonId,
    ) -> Result<HashMap<ConnectorId, FunctionCounts>, StoreError> {
        let Some(pool) = &self.pool else {
            return Ok(HashMap::new());
        };
        let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(
            "select f.connector_id, coalesce(p.permission, 'ask') as permission, count(*) as total, \
             sum(case when f.accepted_digest = f.digest then 0 else 1 end) as changed \
             from functions f left join permissions p on p.connector_id = f.connector_id \
             and p.function = f.name and p.person_id = $1 where f.present = 1 \
             group by f.connector_id, coalesce(p.permission, 'ask')",
        )
        .bind(person.as_str())
        .fetch_all(pool)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        let mut counts: HashMap<ConnectorId, FunctionCounts> = HashMap::new();
        for (id, permission, total, changed) in rows {
            let count = counts.entry(ConnectorId::new(id)).or_default();
            let total = usize::try_from(total).unwrap_or(0);
            count.total += total;
            let permission = Permission::parse(&permission);
            // What never runs waits for nobody to read it.
            if permission != Some(Permission::Block) {
                count.changed += usize::try_from(changed).unwrap_or(0);
            }
            match permission {
                Some(Permission::Always) => count.always += total,
                Some(Permission::Block) => count.block += total,
                Some(Permission::Ask) | None => count.ask += total,
            }
        }
        Ok(counts)
    }

    /// Keeps what a server lists now. The first list is accepted whole, upon the
    /// operator's trust, and that moment is written in the same transaction: no
    /// list is ever taken for the first one twice. Of a later list, what is new or
    /// differs waits for the operator. Permissions are not touched.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub async fn save_listing(
        &self,
        connector: &ConnectorId,
        listed: &[Listed],
    ) -> Result<ListingChange, StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut transaction = self.writing()?.begin().await.map_err(failed)?;
        let mut before = listing_before(&mut transaction, connector)
            .await
            .map_err(failed)?;
        let accept = pin(&mut transaction, connector).await.map_err(failed)?;
        let mut change = ListingChange {
            first: accept,
            ..ListingChange::default()
        };
        for (position, function) in (0_i64..).zip(listed) {
            let old = before.remove(&function.name);
            note_change(&mut change, function, position, old.as_ref());
            let same = old.is_some_and(|old| {
                old.present && old.digest == function.digest && old.position == position
            });
            if !same || accept {
                write_function(&mut transaction, connector, function, position, accept)
                    .await
                    .map_err(failed)?;
            }
        }
        for (name, old) in before {
            if old.present {
                sqlx::query(
                    "update functions set present = 0 where connector_id = $1 and name = $2",
                )
                .bind(connector.as_str())
                .bind(&name)
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
                change.any = true;
                change.gone.push(name);
            }
        }
        transaction.commit().await.map_err(failed)?;
        change.gone.sort();
        Ok(change)
    }

    /// Sets the permission of functions, and accepts the definition of each where that
    /// is wanted. If one is not listed any more, or has another digest by now than the
    /// one that is to be accepted, nothing is set, and its name comes back.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub async fn permit(
        &self,
        connector: &ConnectorId,
        person: &PersonId,
        functions: &[(String, String)],
        permission: Permission,
        accepts: bool,
    ) -> Result<Option<String>, StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut transaction = self.writing()?.begin().await.map_err(failed)?;
        for (name, digest) in functions {
            let there = if accepts {
                accept(&mut transaction, connector, name, digest).await
            } else {
                is_listed(&mut transaction, connector, name).await
            };
            if !there.map_err(failed)? {
                return Ok(Some(name.clone()));
            }
            sqlx::query(
                "insert into permissions (person_id, connector_id, function, permission, set_at) \
                 values ($1, $2, $3, $4, $5) on conflict (person_id, connector_id, function) \
                 do update set permission = excluded.permission, set_at = excluded.set_at",
            )
            .bind(person.as_str())
            .bind(connector.as_str())
            .bind(name)
            .bind(text(&permission))
            .bind(Timestamp::now().as_millis())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(None)
    }

    fn read_function(&self, row: &AnyRow) -> Result<StoredFunction, StoreError> {
        let read = || -> Result<StoredFunction, String> {
            let column = |name: &str| -> Result<String, String> {
                row.try_get(name).map_err(|error| error.to_string())
            };
            let optional = |name: &str| -> Result<Option<String>, String> {
                row.try_get(name).map_err(|error| error.to_string())
            };
            let digest = column("digest")?;
            let state = match optional("accepted_digest")? {
                None => FunctionState::New,
                Some(accepted) if accepted == digest => FunctionState::Accepted,
                Some(_) => FunctionState::Changed,
            };
            Ok(StoredFunction {
                name: column("name")?,
                definition: column("definition")?,
                digest,
                state,
                permission: match optional("permission")? {
                    Some(permission) => word(&permission)?,
                    None => Permission::Ask,
                },
            })
        };
        read().map_err(|what| StoreError::Unexpected {
            path: self.path.clone(),
            what,
        })
    }
}

/// Accepts the definition of a function; says whether it is the one that is listed.
async fn accept(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
    name: &str,
    digest: &str,
) -> Result<bool, sqlx::Error> {
    let accepted = sqlx::query(
        "update functions set accepted_digest = digest, accepted_definition = definition \
         where connector_id = $1 and name = $2 and digest = $3 and present = 1",
    )
    .bind(connector.as_str())
    .bind(name)
    .bind(digest)
    .execute(&mut **transaction)
    .await?;
    Ok(accepted.rows_affected() > 0)
}

async fn is_listed(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
    name: &str,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query(
        "select name from functions where connector_id = $1 and name = $2 and present = 1",
    )
    .bind(connector.as_str())
    .bind(name)
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(found.is_some())
}

/// Writes down that a first list is accepted now; says whether it is the first.
async fn pin(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
) -> Result<bool, sqlx::Error> {
    let pinned =
        sqlx::query("update connectors set pinned_at = $2 where id = $1 and pinned_at is null")
            .bind(connector.as_str())
            .bind(Timestamp::now().as_millis())
            .execute(&mut **transaction)
            .await?;
    Ok(pinned.rows_affected() > 0)
}

async fn listing_before(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
) -> Result<HashMap<String, Before>, sqlx::Error> {
    let rows = sqlx::query(
        "select name, digest, accepted_digest, present, position from functions \
         where connector_id = $1",
    )
    .bind(connector.as_str())
    .fetch_all(&mut **transaction)
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("name")?,
                Before {
                    digest: row.try_get("digest")?,
                    accepted: row.try_get("accepted_digest")?,
                    present: row.try_get::<i64, _>("present")? != 0,
                    position: row.try_get("position")?,
                },
            ))
        })
        .collect()
}

fn note_change(change: &mut ListingChange, function: &Listed, position: i64, old: Option<&Before>) {
    match old {
        None => {
            change.any = true;
            change.new.push(function.name.clone());
        }
        Some(old) => {
            change.any |= !old.present || old.digest != function.digest || old.position != position;
            let differs = old
                .accepted
                .as_ref()
                .is_some_and(|accepted| *accepted != function.digest);
            if differs && old.digest != function.digest {
                change.changed.push(function.name.clone());
            }
        }
    }
}

async fn write_function(
    transaction: &mut Transaction<'_, Any>,
    connector: &ConnectorId,
    function: &Listed,
    position: i64,
    accept: bool,
) -> Result<(), sqlx::Error> {
    let accepted = accept.then_some(function);
    sqlx::query(
        "insert into functions (connector_id, name, position, definition, digest, \
         accepted_digest, accepted_definition, present, first_seen) \
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8) on conflict (connector_id, name) \
         do update set position = excluded.position, definition = excluded.definition, \
         digest = excluded.digest, present = 1, \
         accepted_digest = coalesce(excluded.accepted_digest, functions.accepted_digest), \
         accepted_definition = \
         coalesce(excluded.accepted_definition, functions.accepted_definition)",
    )
    .bind(connector.as_str())
    .bind(&function.name)
    .bind(position)
    .bind(&function.definition)
    .bind(&function.digest)
    .bind(accepted.map(|listed| listed.digest.clone()))
    .bind(accepted.map(|listed| listed.definition.clone()))
    .bind(Timestamp::now().as_millis())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
