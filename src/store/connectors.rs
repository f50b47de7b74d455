//! Connectors at rest.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Row};

use super::codec::{json, text, word};
use super::{Store, StoreError};
use crate::domain::{
    Connector, ConnectorId, ConnectorName, Evidence, OAuthNeeds, PersonId, SignIn, SignInOptions,
    Timestamp,
};

/// A connector with what detection saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConnector {
    /// The connector.
    pub connector: Connector,
    /// What a sign-in would need.
    pub oauth: Option<OAuthNeeds>,
    /// What led to the conclusions about it.
    pub evidence: Vec<Evidence>,
    /// How it signs in, where that differs from the usual.
    pub sign_in_options: SignInOptions,
    /// Who is signed in. The tokens are in the vault, under the issuer that is named
    /// here.
    pub sign_in: Option<SignIn>,
}

/// Every column that there is: a database that cannot be brought up to date is read all
/// the same.
const COLUMNS: &str = "select * from connectors order by folded_name";

impl Store {
    /// All connectors, by name; none where the database cannot be read.
    ///
    /// # Errors
    /// Where reading fails, or a row does not read back.
    pub async fn connectors(&self) -> Result<Vec<StoredConnector>, StoreError> {
        let Some(pool) = &self.pool else {
            return Ok(Vec::new());
        };
        let rows = sqlx::query(COLUMNS)
            .fetch_all(pool)
            .await
            .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        rows.iter().map(|row| self.read_connector(row)).collect()
    }

    /// Keeps a new connector.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], or where the database cannot be written.
    pub async fn insert_connector(
        &self,
        stored: &StoredConnector,
        by: &PersonId,
    ) -> Result<(), StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut connection = self.writing()?.acquire().await.map_err(failed)?;
        insert(&mut connection, stored, by).await.map_err(failed)
    }

    /// Writes a connector that is there already. When its first list was accepted
    /// is left as it is.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], or where the database cannot be written.
    pub async fn update_connector(&self, stored: &StoredConnector) -> Result<(), StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut connection = self.writing()?.acquire().await.map_err(failed)?;
        update(&mut connection, stored).await.map_err(failed)
    }

    /// Writes a connector that points at another server now, and forgets in the
    /// same transaction what was listed, accepted and allowed: that was about
    /// another server.
    ///
    /// # Errors
    /// As [`Store::update_connector`].
    pub async fn repoint_connector(&self, stored: &StoredConnector) -> Result<(), StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut transaction = self.writing()?.begin().await.map_err(failed)?;
        update(&mut transaction, stored).await.map_err(failed)?;
        for statement in [
            "update connectors set pinned_at = null where id = $1",
            "delete from functions where connector_id = $1",
            "delete from permissions where connector_id = $1",
        ] {
            sqlx::query(statement)
                .bind(stored.connector.id.as_str())
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// Forgets a connector with its functions and permissions. The journal keeps
    /// what happened.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub async fn remove_connector(&self, id: &ConnectorId) -> Result<(), StoreError> {
        sqlx::query("delete from connectors where id = $1")
            .bind(id.as_str())
            .execute(self.writing()?)
            .await
            .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        Ok(())
    }

    fn read_connector(&self, row: &AnyRow) -> Result<StoredConnector, StoreError> {
        read_row(row).map_err(|what| StoreError::Unexpected {
            path: self.path.clone(),
            what,
        })
    }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    stored: &StoredConnector,
    by: &PersonId,
) -> Result<(), sqlx::Error> {
    bound(
        "insert into connectors (id, name, folded_name, description, target, auth, \
         transport, era, enabled, options, trusted_at, detection, sign_in, trusted_by, pinned_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        stored,
    )
    .bind(by.as_str())
    .bind(stored.connector.pinned_at.map(Timestamp::as_millis))
    .execute(connection)
    .await?;
    Ok(())
}

async fn update(
    connection: &mut AnyConnection,
    stored: &StoredConnector,
) -> Result<(), sqlx::Error> {
    bound(
        "update connectors set name = $2, folded_name = $3, description = $4, target = $5, \
         auth = $6, transport = $7, era = $8, enabled = $9, options = $10, \
         trusted_at = $11, detection = $12, sign_in = $13 where id = $1",
        stored,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A statement with a connector's columns as $1 to $13.
fn bound<'q>(sql: &'static str, stored: &'q StoredConnector) -> Query<'q, Any, AnyArguments> {
    let connector = &stored.connector;
    sqlx::query(sql)
        .bind(connector.id.as_str())
        .bind(connector.name.as_str())
        .bind(connector.name.folded())
        .bind(&connector.description)
        .bind(text(&connector.target))
        .bind(text(&connector.auth))
        .bind(connector.transport.map(|transport| text(&transport)))
        .bind(connector.era.map(|era| text(&era)))
        .bind(i64::from(connector.enabled))
        .bind(text(&connector.options))
        .bind(connector.trusted_at.as_millis())
        .bind(text(&(&stored.oauth, &stored.evidence)))
        .bind(text(&(&stored.sign_in_options, &stored.sign_in)))
}

fn read_row(row: &AnyRow) -> Result<StoredConnector, String> {
    let column = |name: &str| -> Result<String, String> {
        row.try_get(name).map_err(|error| error.to_string())
    };
    let optional = |name: &str| -> Result<Option<String>, String> {
        row.try_get(name).map_err(|error| error.to_string())
    };
    let number = |name: &str| -> Result<i64, String> {
        row.try_get(name).map_err(|error| error.to_string())
    };
    let pinned_at: Option<i64> = row
        .try_get("pinned_at")
        .map_err(|error| error.to_string())?;
    let (oauth, evidence) = match optional("detection")? {
        Some(detection) => json(&detection)?,
        None => (None, Vec::new()),
    };
    let kept: Option<String> = match row.try_get("sign_in") {
        Ok(kept) => kept,
        Err(sqlx::Error::ColumnNotFound(_)) => None,
        Err(error) => return Err(error.to_string()),
    };
    let (sign_in_options, sign_in) = match kept {
        Some(kept) => json(&kept)?,
        None => (SignInOptions::default(), None),
    };
    Ok(StoredConnector {
        connector: Connector {
            id: ConnectorId::new(column("id")?),
            name: ConnectorName::parse(&column("name")?).map_err(|error| error.to_string())?,
            description: column("description")?,
            target: json(&column("target")?)?,
            auth: json(&column("auth")?)?,
            transport: optional("transport")?.map(|w| word(&w)).transpose()?,
            era: optional("era")?.map(|w| word(&w)).transpose()?,
            enabled: number("enabled")? != 0,
            options: json(&column("options")?)?,
            trusted_at: Timestamp::from_millis(number("trusted_at")?),
            pinned_at: pinned_at.map(Timestamp::from_millis),
        },
        oauth,
        evidence,
        sign_in_options,
        sign_in,
    })
}
