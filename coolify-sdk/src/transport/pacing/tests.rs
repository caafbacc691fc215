//! The pacer against a limiter that counts as Coolify's does.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Budget, Pacer, Pacing, Permit};

/// Counts like Laravel's limiter: in windows that begin with a request.
struct Limiter {
    limit: u32,
    window: Mutex<(u32, Instant)>,
    refusals: Mutex<u32>,
}

impl Limiter {
    fn new(limit: u32) -> Self {
        Self {
            limit,
            window: Mutex::new((0, Instant::now())),
            refusals: Mutex::new(0),
        }
    }

    fn hit(&self) -> Result<Budget, Duration> {
        let mut window = self.window.lock().unwrap();
        let now = Instant::now();
        if window.0 == 0 || now >= window.1 {
            *window = (0, now + Duration::from_secs(60));
        }
        if window.0 == self.limit {
            *self.refusals.lock().unwrap() += 1;
            let left = (window.1 - now).as_secs();
            return Err(Duration::from_secs(left));
        }
        window.0 += 1;
        Ok(Budget {
            limit: self.limit,
            remaining: self.limit - window.0,
        })
    }

    async fn answer(&self, permit: Permit<'_>, delay: Duration) -> bool {
        sleep(delay / 2).await;
        let verdict = self.hit();
        sleep(delay / 2).await;
        match verdict {
            Ok(budget) => permit.answered(Some(budget), true),
            Err(wait) => {
                permit.refused(wait.max(Duration::from_millis(250)), None);
                return false;
            }
        }
        true
    }
}

async fn call(pacer: &Pacer, limiter: &Limiter, delay: u64) {
    loop {
        let deadline = Instant::now() + Duration::from_secs(3_600);
        let permit = pacer.enter(deadline, true).await.unwrap();
        if limiter.answer(permit, Duration::from_millis(delay)).await {
            return;
        }
    }
}

async fn burst(pacer: &Arc<Pacer>, limiter: &Arc<Limiter>, calls: u64) -> Duration {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..calls {
        let (pacer, limiter) = (pacer.clone(), limiter.clone());
        tasks.spawn(async move { call(&pacer, &limiter, 10 + number * 7 % 90).await });
    }
    tasks.join_all().await;
    start.elapsed()
}

fn pair(pacing: &Pacing, limit: u32) -> (Arc<Pacer>, Arc<Limiter>) {
    (Arc::new(Pacer::new(pacing)), Arc::new(Limiter::new(limit)))
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_take_four_waits_and_no_refusal() {
    let (pacer, limiter) = pair(&Pacing::default(), 200);
    let took = burst(&pacer, &limiter, 1_000).await;
    assert_eq!(*limiter.refusals.lock().unwrap(), 0);
    assert!(took < Duration::from_secs(242), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn there_is_no_delay_while_there_is_room() {
    let (pacer, limiter) = pair(&Pacing::default(), 200);
    let took = burst(&pacer, &limiter, 200).await;
    assert!(took <= Duration::from_millis(110), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_window_that_others_opened_ends_when_the_server_says() {
    let (pacer, limiter) = pair(&Pacing::default(), 200);
    for _ in 0..150 {
        limiter.hit().unwrap();
    }
    sleep(Duration::from_secs(40)).await;
    call(&pacer, &limiter, 10).await;
    let took = burst(&pacer, &limiter, 60).await;
    // One refusal to learn the time, and the others because it is in whole
    // seconds.
    assert!(*limiter.refusals.lock().unwrap() <= 5);
    assert!(took < Duration::from_secs(21), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_lower_limit_is_learned() {
    let (pacer, limiter) = pair(&Pacing::default(), 8);
    call(&pacer, &limiter, 10).await;
    let took = burst(&pacer, &limiter, 23).await;
    assert_eq!(*limiter.refusals.lock().unwrap(), 0);
    assert!(took < Duration::from_secs(121), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_set_limit_holds_without_the_help_of_the_server() {
    let pacer = Pacer::new(&Pacing::per_minute(10));
    let start = Instant::now();
    for _ in 0..25 {
        let permit = pacer
            .enter(start + Duration::from_secs(600), true)
            .await
            .unwrap();
        permit.answered(None, true);
    }
    assert_eq!(start.elapsed().as_secs(), 120);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_a_limit_is_not_paced() {
    let pacer = Pacer::new(&Pacing::default());
    let start = Instant::now();
    for _ in 0..1_000 {
        let permit = pacer
            .enter(start + Duration::from_secs(600), true)
            .await
            .unwrap();
        permit.answered(None, true);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_longest_wait_is_respected() {
    let (pacer, limiter) = pair(&Pacing::default(), 200);
    burst(&pacer, &limiter, 200).await;
    let start = Instant::now();
    let refused = pacer.enter(start + Duration::from_secs(5), true).await;
    assert!(refused.unwrap_err().wait.unwrap() > Duration::from_secs(59));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_or_never_sent_blocks_nobody() {
    let pacer = Pacer::new(&Pacing::default());
    let start = Instant::now();
    for _ in 0..500 {
        drop(
            pacer
                .enter(start + Duration::from_secs(1), true)
                .await
                .unwrap(),
        );
        pacer
            .enter(start + Duration::from_secs(1), true)
            .await
            .unwrap()
            .unsent();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// Returns a permit, or waits for ever.
async fn enter(pacer: &Pacer) -> Permit<'_> {
    let deadline = Instant::now() + Duration::from_secs(3_600);
    pacer.enter(deadline, false).await.unwrap()
}

/// Returns whether there is no room now.
async fn is_held_back(pacer: &Pacer) -> bool {
    let now = Instant::now();
    pacer.enter(now, false).await.is_err()
}

const fn left(limit: u32, remaining: u32) -> Budget {
    Budget { limit, remaining }
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_and_not_answered_counts_as_sent() {
    let pacer = Pacer::new(&Pacing::default());
    enter(&pacer).await.answered(Some(left(4, 3)), true);
    let start = Instant::now();
    for _ in 0..3 {
        drop(enter(&pacer).await);
    }
    assert!(is_held_back(&pacer).await);
    enter(&pacer).await.unsent();
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_does_not_count() {
    let pacer = Pacer::new(&Pacing::default());
    enter(&pacer).await.answered(Some(left(4, 3)), true);
    for _ in 0..10 {
        enter(&pacer).await.unsent();
    }
    assert!(!is_held_back(&pacer).await);
}

#[tokio::test(start_paused = true)]
async fn of_two_refusals_the_one_that_asks_for_longer_counts() {
    for (first, second) in [(30, 5), (5, 30)] {
        let pacer = Pacer::new(&Pacing::default());
        enter(&pacer).await.answered(Some(left(9, 8)), true);
        let permits = (enter(&pacer).await, enter(&pacer).await);
        let start = Instant::now();
        permits.0.refused(Duration::from_secs(first), None);
        permits.1.refused(Duration::from_secs(second), None);
        enter(&pacer).await.unsent();
        assert_eq!(start.elapsed().as_secs(), 30);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_refusal_one_goes_ahead_and_then_all() {
    let pacer = Pacer::new(&Pacing::default());
    enter(&pacer).await.answered(Some(left(9, 8)), true);
    let refused = enter(&pacer).await;
    refused.refused(Duration::from_secs(5), Some(left(9, 0)));
    let first = enter(&pacer).await;
    assert!(
        is_held_back(&pacer).await,
        "the first sees whether it is over"
    );
    first.answered(Some(left(9, 8)), true);
    let all = [
        enter(&pacer).await,
        enter(&pacer).await,
        enter(&pacer).await,
    ];
    assert!(!is_held_back(&pacer).await);
    drop(all);
}

#[tokio::test(start_paused = true)]
async fn a_set_limit_gives_way_to_a_lower_one_of_the_server() {
    let pacer = Pacer::new(&Pacing::per_minute(50));
    enter(&pacer).await.answered(Some(left(200, 1)), true);
    enter(&pacer).await.answered(Some(left(200, 0)), true);
    assert!(is_held_back(&pacer).await);
    let start = Instant::now();
    enter(&pacer).await.unsent();
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn how_long_there_is_no_room_is_known() {
    let pacer = Pacer::new(&Pacing::default());
    assert_eq!(pacer.known_wait(), None);
    enter(&pacer).await.answered(Some(left(9, 8)), true);
    assert_eq!(pacer.known_wait(), Some(Duration::from_secs(60)));
    let refused = enter(&pacer).await;
    refused.refused(Duration::from_secs(7), None);
    assert_eq!(pacer.known_wait(), Some(Duration::from_secs(7)));
}

#[tokio::test(start_paused = true)]
async fn what_a_refusal_asks_for_ends_the_window_before_it() {
    let pacer = Pacer::new(&Pacing::default());
    let permits = (enter(&pacer).await, enter(&pacer).await);
    permits.0.answered(Some(left(9, 0)), true);
    permits.1.refused(Duration::from_secs(5), None);
    let start = Instant::now();
    enter(&pacer).await.unsent();
    assert_eq!(start.elapsed().as_secs(), 5);
}

/// Plays steps against a pacer, and returns what they show.
///
/// `go` waits for room and returns the second in which a request is sent, `probe` too, if
/// a request may be sent to learn when the window ends. The next steps settle the oldest
/// request: `ok`, `bad` and `no` are replies, with what is left of the limit; `lost` and
/// `unsent` are none. `room` returns how many requests may be sent now, `wait` how long
/// there is no room, and a number passes seconds.
async fn play(pacing: &Pacing, steps: &str) -> String {
    let pacer = Pacer::new(pacing);
    let start = Instant::now();
    let mut sent = VecDeque::new();
    let mut shown = Vec::new();
    for step in steps.split(' ') {
        let (what, with) = step.split_once(':').unwrap_or((step, ""));
        let budget = |text: &str| {
            let (limit, remaining) = text.split_once('/')?;
            Some(left(limit.parse().ok()?, remaining.parse().ok()?))
        };
        match what {
            "go" | "probe" => {
                let deadline = start + Duration::from_secs(3_600);
                let permit = pacer.enter(deadline, what == "probe").await;
                sent.push_back(permit.unwrap());
                shown.push(format!("@{}", start.elapsed().as_secs()));
            }
            "ok" => sent.pop_front().unwrap().answered(budget(with), true),
            "bad" => sent.pop_front().unwrap().answered(budget(with), false),
            "no" => {
                let (seconds, left) = with.split_once(':').unwrap_or((with, ""));
                let wait = Duration::from_secs(seconds.parse().unwrap());
                sent.pop_front().unwrap().refused(wait, budget(left));
            }
            "lost" => drop(sent.pop_front().unwrap()),
            "unsent" => sent.pop_front().unwrap().unsent(),
            "room" => {
                let mut all = Vec::new();
                while all.len() < 300
                    && let Ok(permit) = pacer.enter(Instant::now(), false).await
                {
                    all.push(permit);
                }
                shown.push(all.len().to_string());
                all.into_iter().for_each(Permit::unsent);
            }
            "wait" => shown.push(format!("{:?}", pacer.known_wait())),
            seconds => sleep(Duration::from_secs(seconds.parse().unwrap())).await,
        }
    }
    shown.join(" ")
}

/// What is sent and how much room there is, while the limit is learned.
const LEARNED: &[(&str, &str)] = &[
    // What the server announces is learned, and a new minute has all of it.
    (
        "room go room ok:4/3 wait room go go go room",
        "200 @0 199 Some(60s) 3 @0 @0 @0 0",
    ),
    (
        "go ok:4/3 go go go ok:4/2 ok:4/1 ok:4/0 room 59 room 1 room wait",
        "@0 @0 @0 @0 0 0 4 None",
    ),
    // Others have used the limit as well, so the end of the minute is not known.
    (
        "go ok:4/1 room wait go ok:4/0 room probe room",
        "@0 1 Some(60s) @0 0 @0 0",
    ),
    ("go ok:4/0 go ok:4/3 room wait", "@0 @60 3 Some(60s)"),
    // Replies overtake each other, and the last one that was awaited counts.
    (
        "go ok:9/8 go go go ok:9/5 ok:9/7 ok:9/6 room",
        "@0 @0 @0 @0 6",
    ),
    ("go ok:9/8 go ok:9/3 room", "@0 @0 3"),
    ("go ok:9/8 go go ok:9/3 room ok:9/6 room", "@0 @0 @0 2 6"),
    // Others have begun a new minute.
    ("go ok:9/2 30 go ok:9/8 wait room", "@0 @30 Some(60s) 8"),
    ("go ok:9/2 30 go ok:9/3 wait room", "@0 @30 Some(30s) 3"),
    ("go ok:9/2 30 go ok:9/4 wait room", "@0 @30 Some(60s) 4"),
    // A refusal holds all back, and one sees whether it is over.
    (
        "go ok:9/8 go no:5 wait room 5 room go room bad room",
        "@0 @0 Some(5s) 0 1 @5 0 9",
    ),
    ("go no:5:7/0 5 room go ok:7/6 room", "@0 1 @5 6"),
    ("go ok:9/8 go no:5 5 go unsent room", "@0 @0 @5 1"),
    ("go ok:9/8 go no:5 5 go lost room", "@0 @0 @5 1"),
    // Without a limit there is always room, until one is announced.
    (
        "go ok room wait go ok:9/8 room wait",
        "@0 300 None @0 8 Some(60s)",
    ),
    ("go bad room", "@0 200"),
    ("go ok go bad room", "@0 @0 300"),
    ("go ok go no:5 5 room go ok room", "@0 @0 1 @5 300"),
    // What got no reply may have been counted, and what was not sent was not.
    ("go ok:9/8 go go lost unsent room", "@0 @0 @0 7"),
    ("go unsent room wait", "@0 200 None"),
    ("go lost room wait", "@0 199 None"),
    // A reply of the last minute says nothing about this one.
    (
        "go ok:4/3 go 60 go ok:4/0 room ok:4/3 room",
        "@0 @0 @60 2 3",
    ),
    ("go ok:4/3 go 60 room ok:4/0 room", "@0 @0 3 3"),
];

/// What is sent and how much room there is under a limit of three that was set.
const FIXED: &[(&str, &str)] = &[
    (
        "room wait go ok wait go bad go lost room wait 59 room 1 room",
        "3 None @0 Some(60s) @0 @0 0 Some(60s) 0 3",
    ),
    (
        "go ok:9/8 room go ok:9/1 room go ok:9/0 room",
        "@0 2 @0 1 @0 0",
    ),
    ("go ok:2/1 room", "@0 1"),
    ("go ok 30 go ok go lost wait", "@0 @30 @30 Some(30s)"),
    (
        "go no:5:9/0 wait room 5 room go ok room",
        "@0 Some(5s) 0 1 @5 2",
    ),
    ("go unsent room wait", "@0 3 None"),
];

/// What is sent without a limit.
const OFF: &[(&str, &str)] = &[("room wait go no:60 room wait", "300 None @0 300 None")];

#[tokio::test(start_paused = true)]
async fn each_reply_changes_how_much_room_there_is() {
    for (pacing, cases) in [
        (Pacing::default(), LEARNED),
        (Pacing::per_minute(3), FIXED),
        (Pacing::off(), OFF),
    ] {
        for (steps, shown) in cases {
            assert_eq!(play(&pacing, steps).await, *shown, "{steps}");
        }
    }
}
