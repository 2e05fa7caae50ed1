//! Places in traces that JavaScript holds: open spans, and callers' spans in other processes.
//!
//! JavaScript knows them by numbers and says when nobody holds one any more: an object of this module for each span would
//! cost several times what everything else about a span does. Each thread of JavaScript has its own.

use std::{cell::RefCell, time::Duration};

use napi::bindgen_prelude::Result;
use napi_derive::napi;
use slab::Slab;
use spanwire_driver::{
    OpenSpan,
    spanwire::{
        attributes::Value,
        ids::span_id_of,
        json::Json,
        span::{Change, Gathered},
        time::Timestamp,
        trace::TraceContext,
        vendors::Format,
    },
};

use crate::wrong;

enum Place {
    Span(OpenSpan),
    Elsewhere(TraceContext),
}

impl Place {
    const fn context(&self) -> &TraceContext {
        match self {
            Self::Span(span) => span.context(),
            Self::Elsewhere(context) => context,
        }
    }
}

thread_local! {
    static PLACES: RefCell<Slab<Place>> = const { RefCell::new(Slab::new()) };
}

fn keep(place: Place) -> u32 {
    PLACES.with_borrow_mut(|places| places.insert(place) as u32)
}

fn with<T>(number: u32, look: impl FnOnce(&Place) -> T) -> Option<T> {
    PLACES.with_borrow(|places| places.get(number as usize).map(look))
}

fn change(number: u32, change: Change) {
    with_span(number, |span| span.change(change));
}

fn with_span(number: u32, act: impl FnOnce(&mut OpenSpan)) {
    PLACES.with_borrow_mut(|places| {
        if let Some(Place::Span(span)) = places.get_mut(number as usize) {
            act(span);
        }
    });
}

/// A new span's number; of one that is not recorded, what is left of -1 below it.
pub(crate) fn keep_span(span: OpenSpan) -> i32 {
    let is_recording = span.is_recording();
    let number = keep(Place::Span(span)) as i32;
    if is_recording { number } else { !number }
}

/// The number of a caller's span.
pub(crate) fn keep_context(context: TraceContext) -> u32 {
    keep(Place::Elsewhere(context))
}

/// Where children of a place hang.
pub(crate) fn context_of(number: u32) -> Option<TraceContext> {
    with(number, |place| place.context().clone())
}

pub(crate) fn json_change(what: u32, json: String, automatically: bool) -> Option<Change> {
    Change::of_json(Change::JSON_NAMES.get(what as usize)?, Json::new(json), gathered(automatically))
}

/// The names of the changes that are nothing but JSON; other functions take their positions here.
#[napi]
pub fn json_changes() -> Vec<&'static str> {
    Change::JSON_NAMES.to_vec()
}

/// 32 hex digits.
#[napi]
pub fn trace_id(number: u32) -> String {
    with(number, |place| place.context().trace_id.to_string()).unwrap_or_default()
}

/// 16 hex digits.
#[napi]
pub fn span_id(number: u32) -> String {
    with(number, |place| place.context().span_id.to_string()).unwrap_or_default()
}

/// The headers that carry this place on; names and values in turn.
#[napi]
pub fn headers(number: u32, with_traceparent: bool) -> Vec<String> {
    let Some(context) = context_of(number) else { return Vec::new() };
    let headers = context.headers(with_traceparent);
    headers.pairs().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]).collect()
}

/// A string attribute.
#[napi]
pub fn set_text(number: u32, key: String, value: String) {
    change(number, Change::Attribute(key, value.into()));
}

/// A number as attribute; `is_integer` says that it is exact.
#[napi]
pub fn set_number(number: u32, key: String, value: f64, is_integer: bool) {
    let value = if is_integer { Value::Int(value as i64) } else { Value::double(value) };
    change(number, Change::Attribute(key, value));
}

/// A boolean attribute.
#[napi]
pub fn set_flag(number: u32, key: String, value: bool) {
    change(number, Change::Attribute(key, Value::Bool(value)));
}

/// A value as JSON text.
#[napi]
pub fn set_json(number: u32, what: u32, json: String, automatically: bool) {
    if let Some(json) = json_change(what, json, automatically) {
        change(number, json);
    }
}

/// What went to a vendor. Throws where nobody reads the format.
#[napi]
pub fn set_request(number: u32, json: String, format: Option<String>, automatically: bool) -> Result<()> {
    let format = Format::find(format.as_deref()).map_err(wrong)?;
    change(number, Change::Request(Json::new(json), format, gathered(automatically)));
    Ok(())
}

/// A name that beats the derived one.
#[napi]
pub fn set_name(number: u32, name: String) {
    change(number, Change::Name(name));
}

/// How it ended, by a word.
#[napi]
pub fn set_status(number: u32, word: String, message: Option<String>) {
    change(number, Change::status(&word, message.as_deref()));
}

/// Something was thrown.
#[napi]
pub fn set_exception(number: u32, kind: String, message: String) {
    change(number, Change::Exception { kind, message });
}

/// A span elsewhere that belongs to this one, with attributes as JSON text.
#[napi]
pub fn add_link(number: u32, to: u32, attributes: String) {
    if let Some(to) = context_of(to) {
        change(number, Change::Link(Box::new(to), Json::new(attributes)));
    }
}

/// The number of a place below another one, of a span that JavaScript has kept to itself and that has ended or is left
/// out.
#[napi]
pub fn place_below(number: u32, id_high: u32, id_low: u32) -> Option<u32> {
    let below = context_of(number)?.below(span_id_of(id_high, id_low).into());
    Some(keep_context(below))
}

/// Nobody holds it any more, but something below it: a span that is open ends at its last change.
#[napi]
pub fn abandon(number: u32) {
    PLACES.with_borrow_mut(|places| {
        if let Some(place) = places.get_mut(number as usize) {
            *place = Place::Elsewhere(place.context().clone());
        }
    });
}

/// Ends a span, at so many milliseconds since the epoch; now where that is no number.
#[napi]
pub fn end_span(number: u32, milliseconds: f64) {
    let end = milliseconds.is_finite().then(|| Timestamp::from_seconds(milliseconds / 1e3));
    with_span(number, |span| span.end(end));
}

/// The last change and the end in one crossing.
#[napi]
pub fn end_span_with(number: u32, milliseconds: f64, what: u32, json: String, automatically: bool) {
    set_json(number, what, json, automatically);
    end_span(number, milliseconds);
}

/// A change that JavaScript has kept for so many milliseconds, of a span that it lets go now.
#[napi]
pub fn set_json_late(number: u32, age: f64, what: u32, json: String, automatically: bool) {
    let age = Duration::try_from_secs_f64(age / 1e3).unwrap_or_default();
    if let Some(json) = json_change(what, json, automatically) {
        with_span(number, |span| span.change_of(age, json));
    }
}

/// Nobody holds it any more; a span that is open ends at its last change.
#[napi]
pub fn let_go(number: u32) {
    let place = PLACES.with_borrow_mut(|places| places.try_remove(number as usize));
    drop(place);
}

const fn gathered(automatically: bool) -> Gathered {
    if automatically { Gathered::Automatically } else { Gathered::ByHand }
}
