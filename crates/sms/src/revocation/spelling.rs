//! How a word is spelled once disguises are undone.

/// The longest word that an entry can be, in bytes.
pub(super) const MAX_WORD: usize = 32;

/// A word in the making: lower case, without accents; a run of three equal letters or more is one letter.
#[derive(Default)]
pub(super) struct Spelling {
    letters: [u8; MAX_WORD],
    len: usize,
    pub(super) start: usize,
    last: u8,
    /// Number of times the last letter stood before it in a row.
    run: u8,
    /// A word has begun.
    pub(super) open: bool,
    /// A digit, `@` or `$` is in it.
    pub(super) has_digit: bool,
    /// A letter is in it.
    pub(super) has_letter: bool,
}

impl Spelling {
    /// A letter, lower case already.
    #[inline]
    pub(super) fn letter(&mut self, letter: u8, at: usize) {
        self.begin(at);
        self.has_letter = true;
        if letter == self.last && letter < 0x80 {
            self.run += 1;
            if self.run >= 2 {
                // The second is taken back: "stoppp" is "stop".
                self.len -= usize::from(self.run == 2);
                self.run = 2;
                return;
            }
        } else {
            (self.last, self.run) = (letter, 0);
        }
        self.put(letter);
    }

    /// A digit, or a sign that stands for a letter.
    #[inline]
    pub(super) fn digit(&mut self, digit: u8, at: usize) {
        self.begin(at);
        self.has_digit = true;
        (self.last, self.run) = (0, 0);
        self.put(digit);
    }

    #[inline]
    fn begin(&mut self, at: usize) {
        if !self.open {
            (self.open, self.start, self.len, self.run, self.last) = (true, at, 0, 0, 0);
            (self.has_digit, self.has_letter) = (false, false);
        }
    }

    #[inline]
    fn put(&mut self, byte: u8) {
        // Past the end, the length alone tells that it is no entry.
        if let Some(place) = self.letters.get_mut(self.len) {
            *place = byte;
        }
        self.len += 1;
    }

    /// The letters; `None` for a word that is longer than any entry.
    #[inline]
    pub(super) fn letters(&self) -> Option<&[u8]> {
        self.letters.get(..self.len)
    }

    /// The letters with digits read as the letters that they look like; `one` is what 1 looks like.
    pub(super) fn without_digits(&self, one: u8) -> Option<[u8; MAX_WORD]> {
        let mut plain = [0; MAX_WORD];
        for (place, byte) in plain.iter_mut().zip(self.letters()?) {
            *place = letter_of_digit(*byte, one).unwrap_or(*byte);
        }
        Some(plain)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}

/// The letter that a digit, or a sign, looks like; `one` is what 1 looks like.
pub(super) fn letter_of_digit(byte: u8, one: u8) -> Option<u8> {
    Some(match byte {
        b'0' => b'o',
        b'1' | b'!' => one,
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        b'8' => b'b',
        _ => return None,
    })
}

/// Signs that part no word and change nothing: apostrophes, however they are written, and those that nobody sees.
pub(super) fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '’' | '‘' | '´' | 'ʼ' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}' | '\u{20e3}'
        // Skin colours and the like belong to the emoji before them.
        | '\u{1f3fb}'..='\u{1f3ff}'
    )
}

/// Whether a character is a letter or a digit. Those that scripts without spaces mostly consist of are known at once.
pub(super) fn is_letter(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
        || character.is_alphanumeric()
}

/// The Latin letter that a letter of another script, or a letter in a box, looks like.
pub(super) fn look_alike(character: char) -> Option<u8> {
    Some(match character {
        'а' | 'А' | 'α' | 'Α' => b'a',
        'в' | 'В' | 'Β' => b'b',
        'с' | 'С' | 'ϲ' => b'c',
        'ԁ' => b'd',
        'е' | 'Е' | 'ё' | 'Ё' | 'ε' | 'Ε' => b'e',
        'һ' | 'н' | 'Н' | 'Η' => b'h',
        'і' | 'І' | 'ι' | 'Ι' | 'ı' => b'i',
        'ј' | 'Ј' => b'j',
        'к' | 'К' | 'κ' | 'Κ' => b'k',
        'м' | 'М' | 'Μ' => b'm',
        'Ν' => b'n',
        'о' | 'О' | 'ο' | 'Ο' | 'օ' => b'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => b'p',
        'ѕ' | 'Ѕ' => b's',
        'т' | 'Т' | 'τ' | 'Τ' => b't',
        'υ' | 'ս' => b'u',
        'ν' => b'v',
        'х' | 'Х' | 'χ' | 'Χ' => b'x',
        'у' | 'У' | 'γ' | 'Υ' => b'y',
        'Ζ' => b'z',
        '\u{1f150}'..='\u{1f169}' => boxed(character, 0x1_f150)?,
        '\u{1f170}'..='\u{1f189}' => boxed(character, 0x1_f170)?,
        '\u{1f1e6}'..='\u{1f1ff}' => boxed(character, 0x1_f1e6)?,
        _ => return None,
    })
}

fn boxed(character: char, first: u32) -> Option<u8> {
    u8::try_from(u32::from(character) - first).ok().map(|letter| b'a' + letter)
}
