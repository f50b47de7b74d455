//! Where everything is, and the settings in force.
