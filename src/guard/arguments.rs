//! Arguments of a call against the JSON Schema of its function.
