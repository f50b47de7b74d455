//! HTTP clients, and what their errors mean.
