//! Spans that JavaScript keeps to itself until they have ended, so that many cross at once: their numbers in one list,
//! their texts in one text.
//!
//! Only such as hang below a recorded span of this process, and are no agent's: for them nothing is decided at their
//! start, and nobody else needs to know of them before their end.

use std::{sync::Arc, time::Duration};

use napi::bindgen_prelude::{ClassInstance, Float64Array};
use napi_derive::napi;
use spanwire_driver::{
    OpenSpan,
    spanwire::{
        json::Json,
        scope::Scope,
        span::{Change, Start},
        time::Timestamp,
        vendors::origin_of,
    },
};

use crate::{
    handle::{context_of, json_change, keep_span, span_id_of},
    session::{ScopeHandle, Session, kind_of},
};

/// Ends every text: JSON has it in escapes alone, and JavaScript keeps no span whose names have it.
const SEPARATOR: char = '\u{1e}';

/// A span as it crosses: its numbers, in the order of `kept.ts`.
struct Kept {
    parent: u32,
    id: [u8; 8],
    /// How long ago it started, ...
    start: Duration,
    /// ... and when its end was, or its last change.
    end: Duration,
    /// When it ended, where the program said so.
    end_time: Option<Timestamp>,
    changes: usize,
}

impl Kept {
    /// How many numbers it has.
    const NUMBERS: usize = 7;

    /// `now` is the moment of the crossing; moments are those of `performance.now`.
    fn read(numbers: &[f64; Self::NUMBERS], now: f64) -> Self {
        let [parent, id_high, id_low, start, end, end_time, changes] = *numbers;
        let age = |moment: f64| Duration::try_from_secs_f64((now - moment) / 1e3).unwrap_or_default();
        Self {
            parent: parent as u32,
            id: span_id_of(id_high as u32, id_low as u32),
            start: age(start),
            end: age(end),
            end_time: end_time.is_finite().then(|| Timestamp::from_seconds(end_time / 1e3)),
            changes: changes as usize,
        }
    }
}

#[napi]
impl Session {
    /// Whether spans of that call may be kept; with `start_span` the subject is the op.
    #[napi]
    pub fn may_keep(&self, call: String, subject: Option<String>) -> bool {
        kind_of(&call, subject.as_deref()).is_ok_and(|(kind, _)| !kind.is_agent())
    }

    /// Takes ended spans over that have the same scope. `begun` counts those that were kept since the last time,
    /// `left_out` those below spans that are not recorded.
    #[napi]
    pub fn take_kept(
        &self,
        begun: u32,
        left_out: u32,
        now: f64,
        scope: Option<ClassInstance<'_, ScopeHandle>>,
        numbers: Float64Array,
        texts: String,
    ) {
        self.driver().count_kept(begun as usize, left_out as usize);
        let scope = scope_of(scope);
        let mut texts = texts.split(SEPARATOR);
        let (records, _) = numbers.as_chunks();
        for record in records {
            let kept = Kept::read(record, now);
            let Some(mut span) = self.start_kept(&kept, &scope, &mut texts) else { continue };
            match kept.end_time {
                Some(end) => span.end(Some(end)),
                None => span.end_since(kept.end),
            }
        }
    }

    /// Takes one over that is still open; gives its number.
    #[napi]
    pub fn open_kept(
        &self,
        now: f64,
        scope: Option<ClassInstance<'_, ScopeHandle>>,
        numbers: Float64Array,
        texts: String,
    ) -> Option<i32> {
        let kept = Kept::read(numbers.as_array()?, now);
        self.start_kept(&kept, &scope_of(scope), &mut texts.split(SEPARATOR)).map(keep_span)
    }

    fn start_kept<'a>(
        &self,
        kept: &Kept,
        scope: &Arc<Scope>,
        texts: &mut impl Iterator<Item = &'a str>,
    ) -> Option<OpenSpan> {
        let call = texts.next()?;
        let mut text = || texts.next().filter(|text| !text.is_empty());
        let (subject, name, integration, arguments) = (text(), text(), text(), text());
        let changes: Vec<&str> = texts.take(kept.changes).collect();
        let (kind, subject) = kind_of(call, subject).ok()?;
        let parent = context_of(kept.parent)?;
        let start = Start {
            kind,
            subject,
            name,
            origin: origin_of(integration),
            parent: Some(&parent),
            scope: Arc::clone(scope),
            sample_rate: None,
        };
        let mut span = self.driver().start_kept(&start, kept.start, kept.id);
        let arguments = arguments.map(|arguments| Change::Arguments(Json::new(arguments)));
        for change in arguments.into_iter().chain(changes.into_iter().filter_map(change_of)) {
            span.change_of(kept.end, change);
        }
        Some(span)
    }
}

/// A change begins with what it is, a digit to the base 36: twice the position of its name, and one more where it was
/// gathered.
fn change_of(text: &str) -> Option<Change> {
    let (code, json) = text.split_at_checked(1)?;
    let code = u32::from_str_radix(code, 36).ok()?;
    json_change(code / 2, json.to_owned(), code % 2 == 1)
}

fn scope_of(scope: Option<ClassInstance<'_, ScopeHandle>>) -> Arc<Scope> {
    scope.map_or_else(Arc::default, |scope| scope.scope())
}
