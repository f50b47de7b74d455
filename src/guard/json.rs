//! JSON read strictly, and its canonical form.
