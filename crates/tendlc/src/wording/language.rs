//! Whether a text is in English.

use super::sentence::sentences;

/// Fewest words that tell a language.
const MIN_WORDS: usize = 6;

/// Small words of English, and of other languages of US businesses. A word of both counts for neither.
const ENGLISH: &str = "the of and to in is that for it with as you on be at this are or by from your we our have has will not can if \
    when they who their them an was what which do may any all more reply text texts message messages us its about after before up";
const OTHERS: [&str; 9] = [
    "el la los las de del que y en un una por para con su sus se es al lo le les nos mas cuando como esta este ya o sobre hasta mensajes responda",
    "o os as de da do das dos que e em um uma por para com seu sua se ao aos na nos nas mais quando foi sao ja pode ate mensagens responda",
    "le la les des du de que et en un une pour avec votre vos se est au aux ce cette nous vous sur dans pas plus quand repondez",
    "der die das und ist nicht ein eine mit auf fur von zu den dem sie wir ihre ihr wenn werden oder antworten",
    "il lo gli le di del della che e un una per con suo si al nel nella sono piu quando come rispondi",
    "cua va la cho ban khong mot nhan tin cac duoc den tu voi chung toi",
    "ang ng sa mga na ay at para kung po ito namin inyo hindi kayo ninyo",
    "nan ak ou pou se li yo nou mesaj ki sa gen pral lè",
    "i w na z do nie sie to jest dla po od ze oraz przez prosze",
];

/// Whether most words of a text are another language's. A short text tells none.
pub(crate) fn is_foreign(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic());
    let (all, other) = letters.fold((0_usize, 0_usize), |(all, other), letter| {
        let latin = u32::from(letter) < 0x250 || (0x1e00..0x1f00).contains(&u32::from(letter));
        (all + 1, other + usize::from(!latin))
    });
    if other * 2 > all {
        return true;
    }
    let sentences = sentences(text);
    let words: Vec<&str> = sentences.iter().flat_map(|sentence| sentence.split(' ')).collect();
    if words.len() < MIN_WORDS {
        return false;
    }
    let count = |list: &str, other: &str| {
        let holds = |list: &str, word: &str| list.split_whitespace().any(|known| known == word);
        words.iter().filter(|word| holds(list, word) && !holds(other, word)).count()
    };
    let english = count(ENGLISH, "");
    OTHERS.iter().any(|other| {
        let foreign = count(other, ENGLISH);
        foreign >= 3 && foreign > english * 2
    })
}
