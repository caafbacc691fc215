//! The tests of coolify-sdk.
