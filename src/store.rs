//! What is kept on disk, in SQL that SQLite and PostgreSQL both understand.
