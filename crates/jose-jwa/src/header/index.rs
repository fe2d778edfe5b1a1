use jose_b64::json::Value;

/// Where the parameters of a parsed [`JoseHeader`](crate::header::JoseHeader) are in its text.
///
/// A type that owns the buffer with the text keeps the index beside it, so that the header can be viewed again without
/// parsing it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderIndex {
    pub(super) alg: Span,
    pub(super) enc: Span,
    pub(super) kid: Span,
    pub(super) typ: Span,
    pub(super) cty: Span,
    pub(super) crit: Span,
    pub(super) b64: Span,
    zip: Span,
}

/// The value of a parameter by where it starts and ends. A header has at most 16 KiB. Absent if it is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: u16,
    end: u16,
}

impl Span {
    const ABSENT: Self = Self { start: 0, end: 0 };

    fn of(text: &[u8], value: Value<'_>) -> Self {
        let start = value.raw().as_ptr().addr().checked_sub(text.as_ptr().addr());
        let end = start.and_then(|start| start.checked_add(value.raw().len()));
        match (start.and_then(|at| u16::try_from(at).ok()), end.and_then(|at| u16::try_from(at).ok())) {
            (Some(start), Some(end)) => Self { start, end },
            // The value is a part of the text, which is shorter than 64 KiB.
            _ => Self::ABSENT,
        }
    }

    /// The value, if the parameter is present.
    pub(super) fn within<'a>(&self, text: &'a str) -> Option<Value<'a>> {
        let value = text.get(self.start.into()..self.end.into())?;
        (!value.is_empty()).then(|| Value::assume_checked(value))
    }
}

impl HeaderIndex {
    pub(super) const EMPTY: Self = Self {
        alg: Span::ABSENT,
        enc: Span::ABSENT,
        kid: Span::ABSENT,
        typ: Span::ABSENT,
        cty: Span::ABSENT,
        crit: Span::ABSENT,
        b64: Span::ABSENT,
        zip: Span::ABSENT,
    };

    /// Where a parameter is, if it is one of those that are noted.
    pub(super) fn of(&self, name: &str) -> Option<Span> {
        Some(match name {
            "alg" => self.alg,
            "enc" => self.enc,
            "kid" => self.kid,
            "typ" => self.typ,
            "cty" => self.cty,
            "crit" => self.crit,
            "b64" => self.b64,
            "zip" => self.zip,
            _ => return None,
        })
    }

    /// Notes where a parameter is, if it is one that is asked for often.
    pub(super) fn note(&mut self, name: &str, text: &[u8], value: Value<'_>) {
        let span = match name {
            "alg" => &mut self.alg,
            "enc" => &mut self.enc,
            "kid" => &mut self.kid,
            "typ" => &mut self.typ,
            "cty" => &mut self.cty,
            "crit" => &mut self.crit,
            "b64" => &mut self.b64,
            "zip" => &mut self.zip,
            _ => return,
        };
        *span = Span::of(text, value);
    }
}

impl Default for HeaderIndex {
    /// The index of a header without parameters.
    fn default() -> Self {
        Self::EMPTY
    }
}
