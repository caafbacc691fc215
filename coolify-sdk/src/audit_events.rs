//! Audit events: who did what in the team.

use std::collections::VecDeque;

use futures_core::Stream;
use futures_util::stream;

use crate::{Call, Coolify, Result, transport::awaitable};

pub use crate::raw::types::{AuditActor, AuditEvent, AuditEventPage, AuditLevel, AuditSource};

/// A handle for the audit events of the team: [`Coolify::audit_events`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for event in coolify.audit_events().list().await?.data {
///     println!("{:?} {} {:?}", event.created_at, event.event, event.actor_name);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct AuditEvents {
    coolify: Coolify,
}

/// The most events that Coolify puts on a page.
const LARGEST_PAGE: u8 = 100;

/// Reads the audit events of the team, the newest first: [`AuditEvents::list`].
///
/// Awaiting it returns one page; [`stream`](Self::stream) returns all events. Coolify
/// removes events after 90 days.
///
/// Needs the `read` ability; some fields need `read:sensitive` and are absent without
/// it. Since Coolify 4.4.0.
///
/// # Errors
///
/// [`ErrorKind::Forbidden`](crate::ErrorKind::Forbidden) if the token's owner is not an
/// admin or the owner of the team.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::audit_events::AuditSource;
/// use futures_util::StreamExt;
///
/// let mut events = coolify
///     .audit_events()
///     .list()
///     .source(AuditSource::Api)
///     .search("deleted")
///     .stream();
/// while let Some(event) = events.next().await {
///     println!("{:?}", event?.description);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `.send()`, `.await` or `.stream()`"]
pub struct ListAuditEvents {
    coolify: Coolify,
    action: Option<String>,
    source: Option<AuditSource>,
    search: Option<String>,
    page: i64,
    per_page: Option<u8>,
}

impl Coolify {
    /// Returns a handle for the audit events of the team.
    #[must_use]
    pub fn audit_events(&self) -> AuditEvents {
        AuditEvents {
            coolify: self.clone(),
        }
    }
}

impl AuditEvents {
    /// Reads the audit events. See [`ListAuditEvents`].
    ///
    /// Needs the `read` ability. Since Coolify 4.4.0.
    pub fn list(&self) -> ListAuditEvents {
        ListAuditEvents {
            coolify: self.coolify.clone(),
            action: None,
            source: None,
            search: None,
            page: 1,
            per_page: None,
        }
    }
}

impl ListAuditEvents {
    /// Returns only events with this action, such as `created`.
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Returns only events that came from here.
    pub fn source(mut self, source: AuditSource) -> Self {
        self.source = Some(source);
        self
    }

    /// Returns only events that contain this text, of at most 255 characters.
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.search = Some(text.into());
        self
    }

    /// Sets which page to return, or to begin with. The first page, the default, is 1.
    pub fn page(mut self, number: i64) -> Self {
        self.page = number;
        self
    }

    /// Sets how many events a page has, from 1 to 100. The default of a page is 25, and
    /// that of a stream 100.
    pub fn per_page(mut self, events: u8) -> Self {
        self.per_page = Some(events);
        self
    }

    /// Returns one page.
    ///
    /// # Errors
    ///
    /// See [`ListAuditEvents`].
    pub async fn send(self) -> Result<AuditEventPage> {
        self.request().await
    }

    /// Returns a stream of all events from this page on. It requests pages as needed. An
    /// event that is recorded meanwhile makes no other one appear twice.
    pub fn stream(self) -> impl Stream<Item = Result<AuditEvent>> + Send + Unpin + use<> {
        let pages = Pages {
            next: Some(Self {
                per_page: self.per_page.or(Some(LARGEST_PAGE)),
                ..self
            }),
            oldest: None,
            open: VecDeque::new(),
        };
        Box::pin(stream::unfold(pages, |mut pages| async {
            let next = pages.next().await?;
            Some((next, pages))
        }))
    }

    fn request(&self) -> Call<AuditEventPage> {
        self.coolify.raw().list_audit_events(
            self.action.as_deref(),
            Some(self.page),
            self.per_page.map(i64::from),
            self.search.as_deref(),
            self.source.as_ref().map(AuditSource::as_str),
        )
    }
}

awaitable!(ListAuditEvents, send -> AuditEventPage);

struct Pages {
    /// The request for the next page, unless the last one was read.
    next: Option<ListAuditEvents>,
    /// The id of the last event that was returned. The ids fall.
    oldest: Option<i64>,
    open: VecDeque<AuditEvent>,
}

impl Pages {
    async fn next(&mut self) -> Option<Result<AuditEvent>> {
        loop {
            while let Some(event) = self.open.pop_front() {
                let id = event.id.get();
                if self.oldest.is_none_or(|oldest| id < oldest) {
                    self.oldest = Some(id);
                    return Some(Ok(event));
                }
            }
            let mut request = self.next.take()?;
            match request.request().await {
                Ok(page) => {
                    let is_last = page.last_page.is_none_or(|last| request.page >= last);
                    if !is_last && !page.data.is_empty() {
                        request.page += 1;
                        self.next = Some(request);
                    }
                    self.open = page.data.into();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
