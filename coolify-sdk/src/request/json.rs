//! A request's fields out of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Exposed;
use crate::error::{Error, ErrorKind, Result, without_values};

/// Requests whose fields can be set by name, for programs that learn only when
/// they run which fields to set: a command line with `--json`, a tool that reads
/// declarations, an agent. Where you know the field, its setter is better.
///
/// Every builder that sends a body has [`fields`](Self::fields) as a method of its
/// own; the trait is for functions that take any of them.
pub trait Fields: Sized {
    /// Sets fields by the names that they have in Coolify's API, from a JSON
    /// object or anything that serialises to one.
    ///
    /// The values have the form of the wire: base64 where the API wants base64,
    /// a text with commas where it wants a list as one text. Fields that were set
    /// before stay as they are unless they are named here; required fields can be
    /// named too. A null clears a field that can be cleared.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`], which names the field and holds no value,
    /// for a field that the endpoint does not take (the message lists those that
    /// it takes), a value of another type, and a null for a field that cannot be
    /// cleared. Nothing has been sent then.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use serde_json::json;
    ///
    /// let created = coolify
    ///     .projects()
    ///     .create("shop")
    ///     .fields(json!({"description": "Everything that sells"}))?
    ///     .await?;
    ///
    /// let project = coolify.project(created.uuid);
    /// let refused = project.update().fields(json!({"desciption": "A slip"}));
    /// let error = refused.expect_err("there is no such field");
    /// assert!(error.to_string().contains("expected `description` or `name`"));
    /// # Ok(()) }
    /// ```
    fn fields(self, fields: impl Serialize) -> Result<Self>;
}

/// Sets fields of a body by their names on the wire.
pub(crate) fn fill<B>(body: &mut B, fields: impl Serialize) -> Result<()>
where
    B: Serialize + DeserializeOwned,
{
    let Value::Object(fields) = json(&fields)? else {
        return Err(invalid("a request's fields come as a JSON object"));
    };
    let mut whole = json(body)?;
    // One after the other, for serde does not say which one it refuses.
    for (name, value) in fields {
        whole[&name] = value;
        *body = B::deserialize(&whole)
            .map_err(|e| invalid(format!("`{name}`: {}", refusal(&e.to_string()))))?;
        if drops_null(&whole[&name], json(body)?.get(&name)) {
            return Err(invalid(format!(
                "`{name}`: null, and there is nothing that can be cleared"
            )));
        }
    }
    Ok(())
}

fn json(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(Exposed(value))
        .map_err(|_| invalid("the fields cannot be written as JSON"))
}

/// What serde says, without a value: it may be a secret.
fn refusal(message: &str) -> String {
    if message.starts_with("unknown field ") {
        return message.to_owned();
    }
    without_values(message)
}

/// Returns whether a null that was given is not sent.
fn drops_null(given: &Value, sent: Option<&Value>) -> bool {
    match given {
        Value::Null => sent.is_none(),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.any(|(index, item)| drops_null(item, sent.and_then(|it| it.get(index))))
        }
        Value::Object(fields) => {
            let mut fields = fields.iter();
            fields.any(|(name, field)| drops_null(field, sent.and_then(|it| it.get(name))))
        }
        _ => false,
    }
}

fn invalid(summary: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidRequest, summary)
}

#[cfg(all(test, feature = "full"))]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Coolify;
    use crate::raw::types::UpdateApplicationByUuidBody;

    fn coolify() -> Coolify {
        let builder = Coolify::builder().url("http://127.0.0.1:9").token("1|t");
        builder.build().unwrap()
    }

    fn sent(fields: Value) -> Result<Value> {
        let request = coolify().application("a").update().name("web");
        json(request.description("as it was").fields(fields)?.body())
    }

    fn refused(fields: Value) -> String {
        let error = sent(fields).expect_err("it is wrong");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        error.to_string()
    }

    #[test]
    fn what_is_named_is_set_as_the_wire_has_it_and_the_rest_stays() {
        let fields = json!({
            "name": "shop",
            "custom_labels": "YT1i",
            "domains": "https://a.example,https://b.example",
            "limits_cpu_shares": 512,
            "docker_compose_domains": [{"name": "web", "domain": null}],
        });
        let mut whole = fields.clone();
        whole["description"] = json!("as it was");
        assert_eq!(sent(fields).unwrap(), whole);
    }

    #[test]
    fn required_fields_can_be_named_and_need_not_be() {
        let create = || coolify().projects().create("shop");
        let renamed = create().fields(json!({"name": "store"})).unwrap();
        assert_eq!(renamed.0.body.name, "store");
        let described = create().fields(json!({"description": "d"})).unwrap();
        assert_eq!(described.0.body.name, "shop");
    }

    #[test]
    fn null_clears_what_can_be_cleared_and_nothing_else() {
        let cleared = sent(json!({"description": null})).unwrap();
        assert_eq!(cleared, json!({"name": "web", "description": null}));
        let reason = refused(json!({"is_static": null}));
        assert!(reason.starts_with("`is_static`: null"), "{reason}");
        // In an object within a field too.
        let update = coolify().service("s").update();
        let nested = update.fields(json!({"urls": [{"name": null, "url": "https://a.example"}]}));
        let reason = nested.expect_err("a url has a name").to_string();
        assert!(reason.starts_with("`urls`"), "{reason}");
    }

    #[test]
    fn a_refusal_names_the_field_and_holds_no_value() {
        let reason = refused(json!({"name": "shop", "nmae": "hunter2"}));
        assert!(reason.starts_with("`nmae`: unknown field"), "{reason}");
        assert!(reason.contains("`redirect`"), "{reason}");
        let reason = refused(json!({"is_static": "hunter2"}));
        assert_eq!(reason, "`is_static`: found string, expected a boolean");
        let reason = refused(json!({"docker_compose_domains": [{"nmae": "hunter2"}]}));
        assert!(
            reason.contains("`docker_compose_domains`: unknown field `nmae`"),
            "{reason}"
        );
        let reason = refused(json!(["hunter2"]));
        assert_eq!(reason, "a request's fields come as a JSON object");
    }

    #[test]
    fn whatever_serialises_to_an_object_will_do() {
        let body = UpdateApplicationByUuidBody {
            is_static: Some(true),
            ..Default::default()
        };
        let request = coolify().application("a").update().fields(&body).unwrap();
        assert_eq!(request.0.body, body);
    }
}
