//! Derives behind `coolify-sdk`.
