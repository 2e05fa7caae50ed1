//! Spans that JavaScript keeps to itself until they have ended, so that many cross at once.

use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Float64Array};
use napi_derive::napi;
use spanwire_driver::spanwire::{scope::Scope, span::Kind};

use crate::{
    handle::{context_of, keep_span},
    session::{ScopeHandle, Session},
};

#[napi]
impl Session {
    /// Whether spans of that call may be kept; with `start_span` the subject is the op.
    #[napi]
    pub fn may_keep(&self, call: String, subject: Option<String>) -> bool {
        Kind::of_start(&call, subject.as_deref()).is_ok_and(|(kind, _)| !kind.is_agent())
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
        let bundle = self.driver().bundle(now, scope_of(scope), &numbers, texts, context_of);
        self.driver().take_kept(bundle);
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
        let bundle = self.driver().bundle(now, scope_of(scope), &numbers, texts, context_of);
        self.driver().open_kept(bundle).map(keep_span)
    }
}

fn scope_of(scope: Option<ClassInstance<'_, ScopeHandle>>) -> Arc<Scope> {
    scope.map_or_else(Arc::default, |scope| scope.scope())
}
