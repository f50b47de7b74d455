//! The people of a board. A personal board has one.

use sqlx::Row;

use super::{Store, StoreError};
use crate::domain::{PersonId, Timestamp};

impl Store {
    /// Makes sure that the one person of a personal board is there.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub async fn ensure_operator(&self, name: &str, role: &str) -> Result<(), StoreError> {
        sqlx::query(
            "insert into people (id, name, role, created_at) values ($1, $2, $3, $4) \
             on conflict (id) do nothing",
        )
        .bind(PersonId::operator().as_str())
        .bind(name)
        .bind(role)
        .bind(Timestamp::now().as_millis())
        .execute(self.writing()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        Ok(())
    }

    /// A person's name and role.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn person(&self, id: &PersonId) -> Result<Option<(String, String)>, StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let row = sqlx::query("select name, role from people where id = $1")
            .bind(id.as_str())
            .fetch_optional(self.reading()?)
            .await
            .map_err(failed)?;
        row.map(|row| Ok((row.try_get("name")?, row.try_get("role")?)))
            .transpose()
            .map_err(failed)
    }
}
