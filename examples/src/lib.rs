//! The examples of coolify-sdk.
