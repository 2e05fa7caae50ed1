//! Envelopes on disk: there before they leave, gone when they are answered, brought back at their pace.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{at, chat, finish, settings};
use spanwire::{
    client::{Client, Settings},
    config::{FAILURES_IN_A_ROW, SPOOL_PACE},
    delivery::{SpoolCommand, SpoolId},
    span::{Change, Kind, Span, Start},
};

fn stored(client: &mut Client) -> (SpoolId, Vec<u8>) {
    match client.poll_spool() {
        Some(SpoolCommand::Store { id, bytes, .. }) => (id, bytes.to_vec()),
        other => panic!("{other:?}"),
    }
}

fn no_headers() -> impl Iterator<Item = (&'static str, &'static str)> {
    std::iter::empty()
}

fn tool(settings: &Arc<Settings>, parent: &Span) -> Span {
    let start = Start {
        kind: Kind::ExecuteTool,
        subject: Some("t"),
        name: None,
        origin: "manual",
        parent: Some(parent.context()),
        scope: Arc::default(),
        sample_rate: None,
    };
    Span::start(settings, &start, at(0.0), &[2; 32])
}

#[test]
fn an_envelope_leaves_once_it_is_on_disk_and_goes_from_there_when_it_is_answered() {
    let settings = settings("{}");
    let mut client = Client::with_spool(Arc::clone(&settings));
    finish(&mut client, &settings, 1, vec![]);
    assert!(client.poll_transmit(at(1.0)).is_none(), "not before it is on disk");
    let (id, bytes) = stored(&mut client);
    client.handle_stored(id, true);
    assert_eq!((client.stats().spooled, client.stats().waiting), (1, 0));
    let transmit = client.poll_transmit(at(2.0)).unwrap();
    let (waited, left) = (String::from_utf8(bytes).unwrap(), String::from_utf8(transmit.body).unwrap());
    assert!(!waited.contains("sent_at"));
    assert_eq!(left, waited.replacen('{', "{\"sent_at\":\"2023-11-14T22:13:22Z\",", 1));
    client.handle_response(at(3.0), transmit.id, 200, no_headers());
    assert_eq!(client.poll_spool(), Some(SpoolCommand::Remove { id }));
    assert_eq!((client.stats().sent, client.stats().spooled), (1, 0));
}

#[test]
fn what_leaves_does_not_wait_for_what_is_written() {
    let settings = settings("{}");
    let mut client = Client::with_spool(Arc::clone(&settings));
    finish(&mut client, &settings, 1, vec![]);
    let (first, _) = stored(&mut client);
    client.handle_stored(first, true);
    let transmit = client.poll_transmit(at(1.0)).unwrap();
    finish(&mut client, &settings, 2, vec![]);
    finish(&mut client, &settings, 3, vec![]);
    let (second, _) = stored(&mut client);
    client.handle_response(at(2.0), transmit.id, 200, no_headers());
    client.handle_stored(second, true);
    assert!(client.poll_transmit(at(2.0)).is_some());
    assert_eq!(client.poll_spool_quick(), Some(SpoolCommand::Remove { id: first }));
    assert_eq!(client.poll_spool_quick(), None);
    let (third, _) = stored(&mut client);
    assert!(third > second && client.poll_spool().is_none());
}

#[test]
fn what_cannot_be_written_leaves_from_memory() {
    let settings = settings("{}");
    let mut client = Client::with_spool(Arc::clone(&settings));
    finish(&mut client, &settings, 1, vec![]);
    let (id, _) = stored(&mut client);
    client.handle_stored(id, false);
    let transmit = client.poll_transmit(at(1.0)).unwrap();
    client.handle_response(at(1.0), transmit.id, 200, no_headers());
    assert!(client.poll_spool().is_none() && client.is_idle());
}

#[test]
fn what_was_found_comes_at_its_pace_and_waits_for_limits() {
    let settings = settings("{}");
    let mut first = Client::with_spool(Arc::clone(&settings));
    finish(&mut first, &settings, 1, vec![]);
    let (_, bytes) = stored(&mut first);

    let mut client = Client::with_spool(common::settings("{}"));
    let found = [client.handle_found(1), client.handle_found(1), client.handle_found(1)];
    assert_eq!((client.stats().started, client.stats().spooled), (3, 3));
    let bring = |client: &mut Client, now, id: SpoolId| {
        assert!(client.poll_transmit(now).is_none());
        assert_eq!(client.poll_spool(), Some(SpoolCommand::Load { id }));
        client.handle_loaded(id, Some(&bytes));
    };
    let now = at(10.0);
    bring(&mut client, now, found[0]);
    let transmit = client.poll_transmit(now).unwrap();
    let limit = [("X-Sentry-Rate-Limits", "30:span:key")];
    client.handle_response(now, transmit.id, 200, limit.into_iter());
    assert_eq!(client.poll_spool(), Some(SpoolCommand::Remove { id: found[0] }));

    bring(&mut client, now.after(SPOOL_PACE), found[1]);
    // It waits for the limit; what nobody has looked into may be of another category.
    bring(&mut client, at(20.0), found[2]);
    assert!(client.poll_transmit(at(20.0)).is_none() && client.poll_spool().is_none());
    assert_eq!(client.poll_timeout(), Some(at(40.0)));
    bring(&mut client, at(40.0), found[1]);
    let transmit = client.poll_transmit(at(40.0)).unwrap();
    client.handle_response(at(40.0), transmit.id, 200, no_headers());
    assert_eq!(client.poll_timeout(), Some(at(40.0).after(SPOOL_PACE)));

    client.poll_spool().unwrap();
    assert!(client.poll_transmit(at(41.0)).is_none());
    client.handle_loaded(found[2], None);
    let stats = client.stats();
    assert_eq!((stats.sent, stats.spooled, stats.lost["cache_overflow"]), (2, 0, 1));
}

#[test]
fn what_had_to_go_of_another_destination_is_counted_and_this_one_is_not_told() {
    let settings = settings("{}");
    let mut client = Client::with_spool(Arc::clone(&settings));
    client.handle_foreign_evicted(3);
    let stats = client.stats();
    assert_eq!((stats.started, stats.waiting, stats.lost["cache_overflow"]), (3, 0, 3));
    finish(&mut client, &settings, 1, vec![]);
    let (id, _) = stored(&mut client);
    client.handle_stored(id, true);
    let body = String::from_utf8(client.poll_transmit(at(1.0)).unwrap().body).unwrap();
    assert!(!body.contains("client_report"), "{body}");
}

#[test]
fn what_is_on_disk_waits_for_a_limit() {
    let settings = settings("{}");
    let mut client = Client::with_spool(Arc::clone(&settings));
    for seed in 1..=2 {
        finish(&mut client, &settings, seed, vec![]);
        let (id, _) = stored(&mut client);
        client.handle_stored(id, true);
    }
    let transmit = client.poll_transmit(at(1.0)).unwrap();
    let limit = [("X-Sentry-Rate-Limits", "30:span:key")];
    client.handle_response(at(1.0), transmit.id, 200, limit.into_iter());
    client.poll_spool().unwrap();
    assert!(client.poll_transmit(at(2.0)).is_none());
    assert_eq!(client.poll_timeout(), Some(at(31.0)));
    assert!(client.poll_transmit(at(31.0)).is_none(), "it has to be read first");
    let Some(SpoolCommand::Load { id }) = client.poll_spool() else { panic!("nothing is read") };
    client.handle_loaded(id, Some(&chat_envelope()));
    let transmit = client.poll_transmit(at(31.0)).unwrap();
    client.handle_response(at(31.0), transmit.id, 200, no_headers());
    let stats = client.stats();
    assert_eq!((stats.sent, stats.spooled, stats.lost.len()), (2, 0, 0));
}

#[test]
fn a_limit_of_one_category_holds_up_no_other() {
    let transaction = {
        let settings = settings(r#"{"trace_lifecycle": "static"}"#);
        let mut client = Client::with_spool(Arc::clone(&settings));
        finish(&mut client, &settings, 1, vec![]);
        stored(&mut client).1
    };
    let mut client = Client::with_spool(settings("{}"));
    let found = [client.handle_found(1), client.handle_found(1), client.handle_found(1)];
    let bodies = [&chat_envelope(), &transaction, &chat_envelope()];
    let mut now = at(1.0);
    let bring = |client: &mut Client, now| {
        let sent = client.poll_transmit(now);
        if let Some(SpoolCommand::Load { id }) = client.poll_spool() {
            let body = found.iter().position(|found| *found == id).map(|at| bodies[at].as_slice());
            client.handle_loaded(id, body);
            return client.poll_transmit(now);
        }
        sent
    };
    let first = bring(&mut client, now).unwrap();
    let limit = [("X-Sentry-Rate-Limits", "30:transaction:key")];
    client.handle_response(now, first.id, 200, limit.into_iter());
    client.poll_spool().unwrap();
    now = now.after(SPOOL_PACE);
    assert!(bring(&mut client, now).is_none(), "a transaction has to wait");
    let third = bring(&mut client, now).unwrap();
    client.handle_response(now, third.id, 200, no_headers());
    client.poll_spool().unwrap();
    assert_eq!((client.stats().sent, client.poll_timeout()), (2, Some(at(31.0))));
    let second = bring(&mut client, at(31.0)).unwrap();
    client.handle_response(at(31.0), second.id, 200, no_headers());
    assert_eq!((client.stats().sent, client.stats().spooled), (3, 0));
}

#[test]
fn a_run_that_is_not_over_has_a_draft_until_it_is_on_disk_itself() {
    let settings = settings(r#"{"trace_lifecycle": "static"}"#);
    let mut client = Client::with_spool(Arc::clone(&settings));
    let mut run = chat(&settings, 1);
    client.handle_span(at(1.0), tool(&settings, &run).finish(at(1.0)).unwrap());
    assert_eq!((client.poll_timeout(), client.poll_spool()), (Some(at(2.0)), None));
    client.handle_timeout(at(2.0));
    let (draft, bytes) = stored(&mut client);
    client.handle_stored(draft, true);
    assert!(String::from_utf8(bytes).unwrap().contains("execute_tool t"));
    assert!(client.is_idle() && client.poll_transmit(at(2.0)).is_none(), "it is no envelope that leaves");
    assert_eq!((client.stats().spooled, client.stats().waiting), (1, 1));

    client.handle_span(at(3.0), run.finish(at(3.0)).unwrap());
    let (whole, _) = stored(&mut client);
    assert_eq!(client.poll_spool(), Some(SpoolCommand::Remove { id: draft }), "after the whole");
    client.handle_stored(whole, true);
    assert_eq!((client.stats().spooled, client.stats().waiting), (2, 0));
    let transmit = client.poll_transmit(at(3.0)).unwrap();
    client.handle_response(at(3.0), transmit.id, 200, no_headers());
    assert_eq!(client.poll_spool(), Some(SpoolCommand::Remove { id: whole }));
    assert_eq!((client.stats().sent, client.stats().spooled), (2, 0));
}

#[test]
fn a_draft_that_is_overtaken_does_not_stay() {
    let settings = settings(r#"{"trace_lifecycle": "static"}"#);
    let mut client = Client::with_spool(Arc::clone(&settings));
    let mut run = chat(&settings, 1);
    client.handle_span(at(1.0), tool(&settings, &run).finish(at(1.0)).unwrap());
    client.handle_timeout(at(2.0));
    client.handle_span(at(2.0), run.finish(at(2.0)).unwrap());
    let ((draft, _), (whole, _)) = (stored(&mut client), stored(&mut client));
    client.handle_stored(draft, true);
    client.handle_stored(whole, true);
    assert_eq!(client.poll_spool(), Some(SpoolCommand::Remove { id: draft }));
    assert_eq!(client.stats().spooled, 2);
}

#[test]
fn what_this_process_put_away_comes_back_without_a_pause() {
    let settings = settings("{}");
    let mut client = Client::with_spool(Arc::clone(&settings));
    let envelopes = 1 + FAILURES_IN_A_ROW as u8;
    for seed in 1..=envelopes {
        finish(&mut client, &settings, seed, vec![]);
        let (id, _) = stored(&mut client);
        client.handle_stored(id, true);
    }
    for _ in 0..FAILURES_IN_A_ROW {
        let transmit = client.poll_transmit(at(1.0)).unwrap();
        client.handle_failure(at(1.0), transmit.id, "refused", 0.5);
    }
    assert!(client.poll_transmit(at(1.0)).is_none());
    let body = chat_envelope();
    for _ in 0..envelopes {
        assert!(client.poll_transmit(at(2.0)).is_none(), "it has to be read first");
        let Some(SpoolCommand::Load { id }) = client.poll_spool() else { panic!("nothing is read") };
        client.handle_loaded(id, Some(&body));
        let transmit = client.poll_transmit(at(2.0)).unwrap();
        client.handle_response(at(2.0), transmit.id, 200, no_headers());
        assert_eq!(client.poll_spool(), Some(SpoolCommand::Remove { id }));
    }
    assert_eq!((client.stats().sent, client.stats().spooled), (u64::from(envelopes), 0));
}

#[test]
fn what_cannot_be_read_stays_while_others_leave_and_is_read_again_after_a_while() {
    let mut client = Client::with_spool(settings("{}"));
    let [first, second] = [client.handle_found(1), client.handle_found(1)];
    let is_asked = |client: &mut Client, now, id| {
        assert!(client.poll_transmit(now).is_none());
        assert_eq!(client.poll_spool(), Some(SpoolCommand::Load { id }));
    };
    is_asked(&mut client, at(1.0), first);
    client.handle_unread(at(1.0), first);
    is_asked(&mut client, at(1.0), second);
    client.handle_loaded(second, Some(&chat_envelope()));
    let transmit = client.poll_transmit(at(1.0)).unwrap();
    client.handle_response(at(1.0), transmit.id, 200, no_headers());
    assert_eq!(client.poll_spool(), Some(SpoolCommand::Remove { id: second }));
    assert!(client.poll_transmit(at(1.9)).is_none() && client.poll_spool().is_none(), "no busy loop");
    assert_eq!(client.poll_timeout(), Some(at(2.0)));
    client.handle_timeout(at(2.0));
    is_asked(&mut client, at(2.0), first);
    client.handle_unread(at(2.0), first);
    assert_eq!(client.poll_timeout(), Some(at(4.0)), "each time a longer wait");
    let stats = client.stats();
    assert_eq!((stats.sent, stats.spooled, stats.lost.len()), (1, 1, 0));

    client.handle_flush();
    is_asked(&mut client, at(2.1), first);
    client.handle_unread(at(2.1), first);
    assert!(client.poll_transmit(at(2.1)).is_none() && client.poll_spool().is_none());
    client.handle_evicted(first);
    assert!(client.is_idle() && client.is_flushed());
    assert_eq!((client.poll_timeout(), client.stats().lost["cache_overflow"]), (None, 1));
}

#[test]
fn what_comes_back_makes_room_for_what_was_brought_back_meanwhile() {
    let settings = settings(r#"{"max_waiting_bytes": 6291456}"#);
    let mut client = Client::with_spool(Arc::clone(&settings));
    finish(&mut client, &settings, 1, vec![Change::Attribute("large".into(), "x".repeat(200_000).into())]);
    let (id, _) = stored(&mut client);
    client.handle_stored(id, true);
    let found = client.handle_found(1);
    client.handle_flush();
    let first = client.poll_transmit(at(1.0)).unwrap();
    // There may be no room for it beside the first, which cannot be put away while it is under way.
    let text = "x".repeat(980_000);
    let large = format!("{{}}\n{{\"type\":\"span\",\"length\":{}}}\n{text}\n", text.len());
    assert!(client.poll_transmit(at(1.0)).is_none());
    assert_eq!(client.poll_spool(), Some(SpoolCommand::Load { id: found }));
    client.handle_loaded(found, Some(large.as_bytes()));
    client.handle_failure(at(1.0), first.id, "cut", 0.5);
    client.poll_transmit(at(1.0));
    assert!(client.held() <= settings.options().client_bytes(), "{} bytes", client.held());
}

#[test]
fn what_a_long_outage_has_put_on_disk_tears_no_trace_apart() {
    let settings = settings(r#"{"max_waiting_bytes": 4194304}"#);
    let mut client = Client::with_spool(Arc::clone(&settings));
    // More than there is memory for, were all of what is known of them to count.
    for _ in 0..5_000 {
        client.handle_found(1);
    }
    let segment = chat(&settings, 1);
    for _ in 0..20 {
        let mut child = tool(&settings, &segment);
        client.handle_span(at(1.0), child.finish(at(1.0)).unwrap());
    }
    assert!(client.poll_spool().is_none(), "they wait for their segment");
    assert_eq!(client.stats().lost.len(), 0);
}

/// An envelope as it is on disk.
fn chat_envelope() -> Vec<u8> {
    let settings = settings("{}");
    let mut client = Client::with_spool(Arc::clone(&settings));
    finish(&mut client, &settings, 9, vec![]);
    stored(&mut client).1
}
