//! Which characters a reader would not see.

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_width::UnicodeWidthChar;

/// Combining marks that one letter may carry.
const MARKS_PER_LETTER: usize = 4;

/// Goes through a text and says of each character whether it is seen as it stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Judge {
    /// Whether the last character shown is a letter that marks can stand on.
    on_letter: bool,
    /// Marks it carries already.
    marks: usize,
}

impl Judge {
    /// Whether the next character of the text is seen as it stands.
    pub(super) fn is_seen(&mut self, c: char) -> bool {
        let seen = self.judge(c);
        if !seen {
            *self = Self::default();
        }
        seen
    }

    fn judge(&mut self, c: char) -> bool {
        if is_never_seen(c) {
            return false;
        }
        match c.width() {
            Some(0) => {
                self.marks += 1;
                self.on_letter && self.marks <= MARKS_PER_LETTER
            }
            Some(1 | 2) => {
                let leans = is_spacing_mark(c) && !self.on_letter;
                *self = Self {
                    on_letter: !is_blank(c),
                    marks: 0,
                };
                !leans
            }
            _ => false,
        }
    }
}

/// Whether it is drawn as nothing but room.
pub(super) fn is_blank(c: char) -> bool {
    get_general_category(c) == GeneralCategory::SpaceSeparator
}

/// Whether it is one of the tag characters that stand for printable ASCII.
pub(super) fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0020}'..='\u{E007E}')
}

/// Whether it takes no cell of its own.
pub(super) fn is_mark(c: char) -> bool {
    c.width() == Some(0)
}

fn is_spacing_mark(c: char) -> bool {
    get_general_category(c) == GeneralCategory::SpacingMark
}

/// Characters that are obeyed, drawn as nothing, or drawn as nobody knows what.
fn is_never_seen(c: char) -> bool {
    match c {
        ' '..='~' => false,
        // Default_Ignorable_Code_Point (Unicode DerivedCoreProperties) beyond the
        // categories below: combining grapheme joiner, Hangul fillers, Khmer inherent
        // vowels, Mongolian and other variation selectors, all of plane 14's tags.
        '\u{034F}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        // Not blanks by category and yet drawn as such: the empty Braille pattern,
        // Khitan filler, Egyptian blanks, the musical null notehead.
        '\u{2800}' | '\u{16FE4}' | '\u{13441}'..='\u{13442}' | '\u{1D159}' => true,
        // Skin tones join whatever stands before them.
        '\u{1F3FB}'..='\u{1F3FF}' => true,
        _ => matches!(
            get_general_category(c),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Surrogate
                | GeneralCategory::Unassigned
        ),
    }
}
