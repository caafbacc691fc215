//! `OpenAPI` documents as JSON values, read from and written to YAML.
