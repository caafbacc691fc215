//! Sends the inputs of the tables, and reads back what the server stored.

use serde_json::{Map, Value};

use super::input;
use super::stage::{Stage, as_text};
use super::table::{Field, Table, Topic};
use super::{Book, Verdict};

/// Plays the tables of a topic. Returns the verdicts, and what could not be removed.
pub async fn play(stage: &mut Stage, topic: &Topic) -> (Book, Vec<String>) {
    let mut book = Book::new(&topic.name);
    let mut left = Vec::new();
    for table in &topic.tables {
        let named = table.needs.iter().map(|it| format!("{{{it}}}"));
        let needs = format!(
            "{} {} {} {}",
            table.send,
            table.body,
            table.read.as_deref().unwrap_or_default(),
            named.collect::<String>()
        );
        if !stage.prepare(&needs).await {
            note_all(&mut book, table);
            continue;
        }
        for (name, field) in &table.fields {
            for written in field.inputs() {
                let (verdict, problem) = one(stage, table, name, field, written).await;
                book.note(&table.name, name, written, verdict);
                left.extend(problem);
            }
        }
    }
    (book, left)
}

/// Records for each input that the server lacks what the table needs.
fn note_all(book: &mut Book, table: &Table) {
    for (name, field) in &table.fields {
        for written in field.inputs() {
            book.note(&table.name, name, written, Verdict::NoRoute);
        }
    }
}

/// Sends one input, reads it back and removes it. The second value is the error
/// of the removal.
async fn one(
    stage: &Stage,
    table: &Table,
    name: &str,
    field: &Field,
    written: &Value,
) -> (Verdict, Option<String>) {
    let sent = input::value(written);
    let body = stage.body(&table.body, table.placed, None);
    // If the path contains the input, the body does not.
    let is_path = table.send.contains("{input}");
    let body = if is_path {
        body
    } else {
        input::put(&body, name, &sent)
    };
    let request = with_input(&table.send, &sent);
    let reply = stage.send(&request, Some(&body), None).await;
    if reply.is_no_route() {
        return (Verdict::NoRoute, None);
    }
    if !reply.is_success() {
        return (Verdict::refusal(reply.status, &reply.body), None);
    }
    let made = reply.body.get(&table.made).map(as_text).unwrap_or_default();
    let verdict = match &table.read {
        None => look(stage, &reply.body, name, field, &sent, &made),
        Some(read) => {
            let reply = stage
                .send(&with_input(read, &sent), None, Some(&made))
                .await;
            if reply.is_success() {
                let entry = entry(table, &reply.body, &made);
                look(stage, entry, name, field, &sent, &made)
            } else {
                Verdict::Unreadable(reply.status)
            }
        }
    };
    let Some(remove) = &table.remove else {
        return (verdict, None);
    };
    let remove = with_input(remove, &sent);
    let reply = stage.send(&remove, None, Some(&made)).await;
    let problem = (!reply.is_success()).then(|| {
        let (status, body) = (reply.status, reply.body);
        format!("{remove} after {written}: {status} {body}")
    });
    (verdict, problem)
}

/// Returns the created entry, from a list or from a single reply.
fn entry<'a>(table: &Table, body: &'a Value, made: &str) -> &'a Value {
    let Some(list) = &table.list else {
        return body;
    };
    let list = body.pointer(list).and_then(Value::as_array);
    let mut list = list.into_iter().flatten();
    list.find(|it| it.get(&table.by).is_some_and(|it| as_text(it) == made))
        .unwrap_or(&Value::Null)
}

/// Compares what is read back with what was sent.
fn look(
    stage: &Stage,
    read: &Value,
    name: &str,
    field: &Field,
    sent: &Value,
    made: &str,
) -> Verdict {
    let shows = field.shows(name);
    let at = |field: &str| -> Value {
        let pointer = format!("/{}", field.replace('.', "/"));
        read.pointer(&pointer).cloned().unwrap_or_default()
    };
    match shows.as_slice() {
        [] => Verdict::Taken,
        [one] if at(one) == *sent => Verdict::Taken,
        [one] => Verdict::Becomes(stage.masked(&at(one), made)),
        several => {
            let fields = several.iter().map(|it| ((*it).to_owned(), at(it)));
            let fields: Map<String, Value> = fields.collect();
            Verdict::Becomes(stage.masked(&fields.into(), made))
        }
    }
}

/// Returns a path with the input as one segment, in which allowed characters are
/// not encoded.
fn with_input(path: &str, input: &Value) -> String {
    let text = as_text(input);
    let escaped: String = text.bytes().fold(String::new(), |text, byte| match byte {
        _ if byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@".contains(&byte) => {
            text + char::from(byte).encode_utf8(&mut [0; 4])
        }
        _ => text + &format!("%{byte:02X}"),
    });
    path.replace("{input}", &escaped)
}
