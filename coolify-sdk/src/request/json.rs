//! Sets the fields of a request from JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Exposed;
use crate::error::{Error, ErrorKind, Result, without_values};

/// Requests whose fields can be set by name, for programs that only know at run
/// time which fields to set: a command-line tool with `--json`, a tool that reads
/// declarations, an agent. If you know the field, use its setter.
///
/// Every builder that sends a body also has its own method
/// [`fields`](Self::fields). The trait is for functions that take any builder.
pub trait Fields: Sized {
    /// Sets fields by the names that they have in Coolify's API, from a JSON
    /// object or anything that serialises to one.
    ///
    /// The values have the form of the API: base64 if the API expects base64, and
    /// a comma-separated text if it expects a list as one text. Fields that are
    /// not named keep their values. Required fields can be named too. A null
    /// clears a field that can be cleared.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for a field that the endpoint does not
    /// accept (the message lists the fields that it accepts), for a value of the
    /// wrong type, and for a null if the field cannot be cleared. The message
    /// names the field and contains no value. Nothing is sent.
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

/// Sets fields of a body by their names in the API.
pub(crate) fn fill<B>(body: &mut B, fields: impl Serialize) -> Result<()>
where
    B: Serialize + DeserializeOwned,
{
    let Value::Object(fields) = json(&fields)? else {
        return Err(invalid("the fields of a request have to be a JSON object"));
    };
    let mut whole = json(body)?;
    // One at a time, because serde does not say which field it rejects.
    for (name, value) in fields {
        whole[&name] = value;
        *body = B::deserialize(&whole)
            .map_err(|e| invalid(format!("`{name}`: {}", refusal(&e.to_string()))))?;
        if drops_null(&whole[&name], json(body)?.get(&name)) {
            return Err(invalid(format!(
                "`{name}`: null is not allowed, because the field cannot be cleared"
            )));
        }
    }
    Ok(())
}

fn json(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(Exposed(value))
        .map_err(|_| invalid("the fields cannot be written as JSON"))
}

/// Returns serde's message without the value, which may be a secret.
fn refusal(message: &str) -> String {
    if message.starts_with("unknown field ") {
        return message.to_owned();
    }
    without_values(message)
}

/// Returns whether a null of the input is not sent.
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
        // This also holds for an object in a field.
        let update = coolify().service("s").update();
        let nested = update.fields(json!({"urls": [{"name": null, "url": "https://a.example"}]}));
        let reason = nested.expect_err("a url has a name").to_string();
        assert!(reason.starts_with("`urls`"), "{reason}");
        let entries = json!([{"name": "web", "domain": "https://a.example", "redirect": null}]);
        assert!(sent(json!({"docker_compose_domains": entries})).is_ok());
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
        assert_eq!(reason, "the fields of a request have to be a JSON object");
    }

    #[test]
    fn values_that_are_not_json_are_refused() {
        let odd: std::collections::BTreeMap<[u8; 2], u8> = [([1, 2], 3)].into();
        let refused = coolify().application("a").update().fields(odd);
        let error = refused.expect_err("keys are texts");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.to_string(), "the fields cannot be written as JSON");
    }

    #[test]
    fn a_null_deep_in_a_field_is_noticed() {
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Outer {
            #[serde(skip_serializing_if = "Option::is_none")]
            inner: Option<Vec<Inner>>,
            other: Option<u8>,
        }
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Inner {
            #[serde(skip_serializing_if = "Option::is_none")]
            a: Option<u8>,
        }
        for (fields, refusal) in [
            (json!({"inner": [{"a": 1}], "other": null}), None),
            (json!({"inner": [{"a": 1}, {"a": null}]}), Some("`inner`")),
            (json!({"inner": null}), Some("`inner`")),
        ] {
            let mut body = Outer {
                inner: None,
                other: Some(7),
            };
            let told = fill(&mut body, &fields).err().map(|it| it.to_string());
            let cleared = "null is not allowed, because the field cannot be cleared";
            let wanted = refusal.map(|name| format!("{name}: {cleared}"));
            assert_eq!(told, wanted, "{fields}");
        }
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
