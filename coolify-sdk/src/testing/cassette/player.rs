//! Answers requests from a recording.

use std::cmp::Reverse;

use serde_json::Value;

use super::{
    pattern::{Bindings, Rigour},
    recorder::Sent,
    tape::{Exchange, Reply, Tape},
};
use crate::operations::{Method, Operation};

/// A cassette that is being replayed.
#[derive(Debug)]
pub(super) struct Player {
    tape: Tape,
    tracks: Vec<Track>,
    bindings: Bindings,
    /// The number of answers so far.
    answers: usize,
    unexpected: Vec<String>,
}

/// A recorded exchange, and its use in this run.
#[derive(Debug)]
struct Track {
    is_write: bool,
    /// The ids in the path and the query, which a read depends on.
    ids: Vec<String>,
    /// All texts that were sent, which a write may affect.
    sent: String,
    /// The number of the answer that it was last used for.
    used: Option<usize>,
    /// Whether a later write to the same resource was made without it.
    is_passed: bool,
}

impl Track {
    fn new(exchange: &Exchange) -> Self {
        let request = &exchange.request;
        let operation = Operation::find(&exchange.operation);
        let is_write = match operation {
            Some(operation) => operation.method != Method::Get,
            None => request.method != "GET",
        };
        let template = operation.map_or("", |operation| operation.path);
        let named = template.split('/').zip(request.path.split('/'));
        let of_path = named.filter(|(name, _)| name.starts_with('{'));
        let of_query = request
            .query
            .iter()
            .filter(|(name, _)| name.ends_with("uuid"));
        let ids = of_path
            .map(|(_, id)| id)
            .chain(of_query.map(|(_, id)| &**id));
        let json = request.json.as_ref().map(Value::to_string);
        Self {
            is_write,
            ids: ids.map(str::to_owned).collect(),
            sent: format!(
                "{} {:?} {}",
                request.path,
                request.query,
                json.unwrap_or_default()
            ),
            used: None,
            is_passed: false,
        }
    }

    /// Returns whether this write may change what the other exchange reads.
    fn may_change(&self, read: &Self) -> bool {
        self.is_write
            && (read.ids.is_empty() || read.ids.iter().any(|id| self.sent.contains(&**id)))
    }
}

/// The answer of the player.
pub(super) enum Answer {
    Recorded(Reply),
    /// The version of the server.
    Version(String),
    /// The request has no recorded answer.
    Unexpected(String),
}

impl Player {
    pub(super) fn new(tape: Tape) -> Self {
        Self {
            tracks: tape.exchanges.iter().map(Track::new).collect(),
            tape,
            bindings: Bindings::default(),
            answers: 0,
            unexpected: Vec::new(),
        }
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, sent: &Sent) -> Answer {
        if let Some((position, bindings)) = self.choose(sent) {
            self.bindings = bindings;
            self.turn_to(position);
            return Answer::Recorded(self.restored(position));
        }
        if sent.method == "GET" && sent.path == ["version"] {
            return Answer::Version(self.tape.coolify.clone());
        }
        let problem = self.describe(sent);
        if !self.unexpected.contains(&problem) {
            self.unexpected.push(problem.clone());
        }
        Answer::Unexpected(problem)
    }

    /// Chooses the exchange that answers a request: one that was not used yet, or the
    /// last answer of a read again.
    fn choose(&self, sent: &Sent) -> Option<(usize, Bindings)> {
        let strict = self.choose_by(sent, Rigour::Equal);
        strict.or_else(|| {
            let is_older = self.tape.is_of_another_sdk();
            is_older
                .then(|| self.choose_by(sent, Rigour::More))
                .flatten()
        })
    }

    fn choose_by(&self, sent: &Sent, rigour: Rigour) -> Option<(usize, Bindings)> {
        let fits = (0..self.tracks.len()).filter_map(|position| {
            let bindings = self.fit(position, sent, rigour)?;
            let rank = self.rank(position, &bindings)?;
            Some((rank, position, bindings))
        });
        let (_, position, bindings) = fits.min_by_key(|(rank, position, _)| (*rank, *position))?;
        Some((position, bindings))
    }

    /// Returns how well an exchange answers a request that it fits; the lowest is best.
    fn rank(&self, position: usize, bindings: &Bindings) -> Option<(u8, Reverse<usize>, usize)> {
        let track = &self.tracks[position];
        let learned = bindings.len() - self.bindings.len();
        match track.used {
            // A write is never answered twice.
            Some(_) if track.is_write => None,
            Some(answer) => Some((1, Reverse(answer), learned)),
            None if track.is_write => Some((0, Reverse(0), learned)),
            None if track.is_passed || self.is_too_early(position) => {
                Some((2, Reverse(0), learned))
            }
            None => Some((0, Reverse(0), learned)),
        }
    }

    /// Returns whether a write that is still to come changed what the exchange reads.
    fn is_too_early(&self, position: usize) -> bool {
        let read = &self.tracks[position];
        let mut before = self.tracks[..position].iter();
        before.any(|write| write.used.is_none() && write.may_change(read))
    }

    /// Uses an exchange. After a write, answers to earlier polls are outdated.
    fn turn_to(&mut self, position: usize) {
        self.answers += 1;
        self.tracks[position].used = Some(self.answers);
        let (before, from) = self.tracks.split_at_mut(position);
        let Some(write) = from.first().filter(|track| track.is_write) else {
            return;
        };
        for read in before.iter_mut().filter(|track| !track.is_write) {
            read.is_passed |= read.used.is_none() && write.may_change(read);
        }
    }

    /// Returns the bindings with which an exchange matches this request.
    fn fit(&self, position: usize, sent: &Sent, rigour: Rigour) -> Option<Bindings> {
        let recorded = &self.tape.exchanges[position].request;
        if recorded.method != sent.method {
            return None;
        }
        let mut bindings = self.bindings.clone();
        let fits = fits_path(&mut bindings, &recorded.path, sent)
            && fits_query(&mut bindings, &recorded.query, sent, rigour)
            && fits_body(
                &mut bindings,
                recorded.json.as_ref(),
                sent.json.as_ref(),
                rigour,
            )
            && fits_body(
                &mut bindings,
                recorded.form.as_ref(),
                sent.form.as_ref(),
                rigour,
            );
        fits.then_some(bindings)
    }

    fn restored(&self, position: usize) -> Reply {
        let recorded = &self.tape.exchanges[position].reply;
        Reply {
            status: recorded.status,
            headers: recorded.headers.clone(),
            json: recorded
                .json
                .as_ref()
                .map(|json| self.bindings.restored(json)),
            text: recorded
                .text
                .as_ref()
                .map(|text| self.bindings.restored_text(text)),
        }
    }

    /// Describes a request without a recorded answer, without its values, and the
    /// nearest recorded request.
    fn describe(&self, sent: &Sent) -> String {
        let request = format!("{} {}", sent.method, sent.whole_path());
        let near = |position: &usize| {
            let recorded = &self.tape.exchanges[*position].request;
            let mut path = recorded.path.split('/').skip(1).zip(&sent.path);
            let alike = path
                .by_ref()
                .take_while(|(recorded, sent)| recorded == sent)
                .count();
            let is_fit = fits_path(&mut self.bindings.clone(), &recorded.path, sent);
            let is_method = recorded.method == sent.method;
            (
                is_fit && is_method,
                is_fit,
                alike,
                is_method,
                self.tracks[*position].used.is_none(),
            )
        };
        let nearest = (0..self.tracks.len()).rev().max_by_key(near);
        let Some(nearest) = nearest else {
            return format!("the cassette has no answer to {request}; it is empty");
        };
        let recorded = &self.tape.exchanges[nearest].request;
        let name = format!(
            "{} {} (number {})",
            recorded.method,
            recorded.path,
            nearest + 1
        );
        let difference = if self.fit(nearest, sent, Rigour::Equal).is_some() {
            "it was used already, and a write is answered once".to_owned()
        } else {
            self.difference(nearest, sent)
        };
        format!(
            "the cassette has no answer to {request}; the nearest recorded request is {name}: {difference}"
        )
    }

    /// Names the first part in which a request differs from a recorded one.
    fn difference(&self, position: usize, sent: &Sent) -> String {
        let recorded = &self.tape.exchanges[position].request;
        let mut bindings = self.bindings.clone();
        if recorded.method != sent.method {
            return "the method differs".to_owned();
        }
        if !fits_path(&mut bindings, &recorded.path, sent) {
            return "the path differs".to_owned();
        }
        if !fits_query(&mut bindings, &recorded.query, sent, Rigour::Equal) {
            let names = |query: &[(String, String)]| {
                let names: Vec<_> = query.iter().map(|(name, _)| name.clone()).collect();
                names.join(", ")
            };
            let (recorded, sent) = (names(&recorded.query), names(&sent.query));
            return format!("the query differs (recorded: {recorded}; sent: {sent})");
        }
        let none = Value::Null;
        let place = first_difference(
            &mut bindings,
            recorded.json.as_ref().unwrap_or(&none),
            sent.json.as_ref().unwrap_or(&none),
        );
        match place {
            Some(place) if place.is_empty() => "the body differs".to_owned(),
            Some(place) => format!("the field `{place}` of the body differs"),
            None => "the uploaded form differs".to_owned(),
        }
    }

    /// Returns how the requests of the test differ from the recorded ones.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.unexpected.clone();
        let mut seen = Vec::new();
        for (position, track) in self.tracks.iter().enumerate() {
            let request = &self.tape.exchanges[position].request;
            let key = (&request.method, &request.path, &request.query);
            // Polls may end earlier than when they were recorded.
            let is_made = track.used.is_some() || !track.is_write && self.is_made(key);
            if is_made || !track.is_write && seen.contains(&key) {
                continue;
            }
            seen.push(key);
            problems.push(format!(
                "the test did not send {} {} (number {})",
                request.method,
                request.path,
                position + 1
            ));
        }
        problems
    }

    fn is_made(&self, key: (&String, &String, &Vec<(String, String)>)) -> bool {
        let mut all = self.tracks.iter().zip(&self.tape.exchanges);
        all.any(|(track, Exchange { request, .. })| {
            track.used.is_some() && key == (&request.method, &request.path, &request.query)
        })
    }

    /// Returns a name that was recorded.
    pub(super) fn name(&mut self, prefix: &str) -> Option<String> {
        let known = self.tape.names.get(prefix).cloned();
        if known.is_none() {
            let problem = format!("the cassette has no name for {prefix:?}");
            if !self.unexpected.contains(&problem) {
                self.unexpected.push(problem);
            }
        }
        known
    }

    pub(super) fn coolify(&self) -> &str {
        &self.tape.coolify
    }
}

fn fits_path(bindings: &mut Bindings, recorded: &str, sent: &Sent) -> bool {
    let recorded: Vec<_> = recorded.split('/').skip(1).collect();
    let mut parts = recorded.iter().zip(&sent.path);
    recorded.len() == sent.path.len() && parts.all(|(recorded, sent)| bindings.text(recorded, sent))
}

/// The order of parameters does not matter, except among those with one name.
fn fits_query(
    bindings: &mut Bindings,
    recorded: &[(String, String)],
    sent: &Sent,
    rigour: Rigour,
) -> bool {
    let mut left: Vec<_> = sent.query.iter().collect();
    let found = recorded.iter().all(|(name, value)| {
        let Some(position) = left.iter().position(|(sent, _)| sent == name) else {
            return false;
        };
        let (_, sent) = left.remove(position);
        bindings.text(value, sent)
    });
    found && (left.is_empty() || rigour == Rigour::More)
}

fn fits_body(
    bindings: &mut Bindings,
    recorded: Option<&Value>,
    sent: Option<&Value>,
    rigour: Rigour,
) -> bool {
    match (recorded, sent) {
        (Some(recorded), Some(sent)) => bindings.value(recorded, sent, rigour),
        (None, Some(_)) => rigour == Rigour::More,
        (recorded, None) => recorded.is_none(),
    }
}

/// Returns the path of the first difference; an empty one for the whole value.
fn first_difference(bindings: &mut Bindings, recorded: &Value, sent: &Value) -> Option<String> {
    let (Value::Object(known), Value::Object(fields)) = (recorded, sent) else {
        let is_equal = bindings.value(recorded, sent, Rigour::Equal);
        return (!is_equal).then(String::new);
    };
    let names = known.keys().chain(fields.keys());
    names.into_iter().find_map(|name| {
        let inside = match (known.get(name), fields.get(name)) {
            (Some(recorded), Some(sent)) => first_difference(bindings, recorded, sent)?,
            _ => String::new(),
        };
        let dot = if inside.is_empty() { "" } else { "." };
        Some(format!("{name}{dot}{inside}"))
    })
}
