//! The messages that come along, and the words for minutes. Replies to keywords hold what carriers ask for
//! (compliance-facts 1.7): brand, what happens, rates, HELP and STOP. Where a language can say it without, its texts
//! keep to letters of GSM-7, so that they fit one segment.

use frontdesk_types::Language;

use super::KINDS;

/// One language's texts, in the order of [`super::MessageKind`], and its words for minutes.
pub(super) struct Defaults {
    tag: &'static str,
    pub(super) texts: [&'static str; KINDS],
    /// For one, and for more; some languages have one word for both.
    minutes: (&'static str, &'static str),
    /// Numbers up to this take the word for one (CLDR plural rules): French and Portuguese say "0 minute".
    singular_from: u32,
}

impl Defaults {
    /// The language's own; English for a language that has none.
    pub(super) fn of(language: Language) -> &'static Self {
        let code = language.fallback().unwrap_or(language).to_string();
        ALL.iter().find(|defaults| defaults.tag == code).unwrap_or(&ENGLISH)
    }

    /// Number and word, at most 300 (SMS-9).
    pub(super) fn minutes(&self, minutes: u32) -> compact_str::CompactString {
        let minutes = minutes.min(300);
        let one = (self.singular_from..=1).contains(&minutes);
        let word = if one { self.minutes.0 } else { self.minutes.1 };
        match self.tag {
            "ja" | "ko" | "zh" => compact_str::format_compact!("{minutes}{word}"),
            _ => compact_str::format_compact!("{minutes} {word}"),
        }
    }
}

/// Every language that comes along.
pub(super) const ALL: [Defaults; 9] =
    [ENGLISH, SPANISH, FRENCH, GERMAN, KOREAN, INDONESIAN, JAPANESE, PORTUGUESE, CHINESE];

const ENGLISH: Defaults = Defaults {
    tag: "en",
    texts: [
        "We are closed right now. We open again @{NEXT_REOPEN_HOUR}.@{ELSE}We are closed right now.",
        "@{COMPANY_NAME}: here is our app:",
        "@{AGENT} will chat with you about @{QUEUE}.",
        "@{COMPANY_NAME}: let's go on by text. We're assigning a representative for @{QUEUE}. Msg & data rates may apply. Reply STOP to opt out.",
        "Are you still there? Without an answer, this chat pauses in @{TIME_UNTIL_DISMISSAL}.",
        "Welcome back! We're assigning a representative to help you with @{QUEUE}.",
        "Sorry, we could not find out what you need. Text us again to start over.",
        "Welcome to @{COMPANY_NAME}.",
        "@{COMPANY_NAME}: reply here to chat with us. Msg & data rates may apply. Reply STOP to opt out.",
        "@{COMPANY_NAME}: nobody reads replies to this number. Reply STOP to opt out.",
        "Sorry, we didn't understand that.",
        "@{COMPANY_NAME}: you will receive messages from us. Msg frequency varies. Msg & data rates may apply. Reply HELP for help, STOP to opt out.",
        "@{COMPANY_NAME}: recurring messages. Msg & data rates may apply. Reply HELP for help, STOP to opt out.",
        "@{COMPANY_NAME}: you are opted out and will receive no more messages. Reply START to opt in again.",
        "@{COMPANY_NAME}: to receive no more messages from us, reply STOP.",
        "How can we help? Reply with a number:",
        "Sorry, we cannot take this file. Pictures (JPEG, PNG, GIF, WebP) and videos (MP4, 3GP, MOV) up to 5 MB are fine.",
        "@{COMPANY_NAME}: thanks for holding. Text us here what it is about, and your agent will see it. Msg & data rates may apply. Reply STOP to opt out.",
        "We're assigning a representative to help you with @{QUEUE}.",
    ],
    minutes: ("minute", "minutes"),
    singular_from: 1,
};

const SPANISH: Defaults = Defaults {
    tag: "es",
    texts: [
        "Ahora estamos cerrados. Abrimos de nuevo: @{NEXT_REOPEN_HOUR}.@{ELSE}Ahora estamos cerrados.",
        "@{COMPANY_NAME}: esta es nuestra app:",
        "@{AGENT} le ayuda ahora con @{QUEUE}.",
        "@{COMPANY_NAME}: sigamos por texto. Buscamos a un representante para @{QUEUE}. Pueden aplicarse cargos. Responda STOP para no recibir nada.",
        "¿Sigue usted ahí? Sin respuesta, el chat se detiene en @{TIME_UNTIL_DISMISSAL}.",
        "Hola de nuevo. Buscamos a un representante para ayudarle con @{QUEUE}.",
        "Perdone, no hemos podido saber qué necesita. Escriba de nuevo para empezar otra vez.",
        "Bienvenido a @{COMPANY_NAME}.",
        "@{COMPANY_NAME}: responda a este mensaje para chatear. Pueden aplicarse cargos. Responda STOP para no recibir nada.",
        "@{COMPANY_NAME}: nadie lee las respuestas a este mensaje. STOP para no recibir nada.",
        "Perdone, no le hemos entendido.",
        "@{COMPANY_NAME}: recibe nuestros mensajes. La frecuencia puede variar. Pueden aplicarse cargos. HELP para ayuda, STOP para salir.",
        "@{COMPANY_NAME}: mensajes recurrentes. Pueden aplicarse cargos. Responda HELP para ayuda, STOP para salir.",
        "@{COMPANY_NAME}: no recibe ya mensajes nuestros. Responda START para volver.",
        "@{COMPANY_NAME}: para no recibir mensajes, responda STOP.",
        "¿En qué podemos ayudarle? Responda con una cifra:",
        "No podemos abrir este archivo. Se aceptan fotos (JPEG, PNG, GIF, WebP) y videos (MP4, 3GP, MOV) de hasta 5 MB.",
        "@{COMPANY_NAME}: gracias por esperar. Escriba su consulta y el agente la ve. Pueden aplicarse cargos. STOP para no recibir nada.",
        "Buscamos a un representante para ayudarle con @{QUEUE}.",
    ],
    minutes: ("minuto", "minutos"),
    singular_from: 1,
};

const FRENCH: Defaults = Defaults {
    tag: "fr",
    texts: [
        "Nous sommes fermés. Réouverture : @{NEXT_REOPEN_HOUR}.@{ELSE}Nous sommes fermés.",
        "@{COMPANY_NAME} : voici notre application :",
        "@{AGENT} vous répond au sujet de : @{QUEUE}.",
        "@{COMPANY_NAME} : poursuivons par SMS. Nous cherchons un conseiller pour @{QUEUE}. Des frais peuvent s'appliquer. STOP pour ne plus rien recevoir.",
        "Toujours là ? Sans réponse, la discussion est mise en pause dans @{TIME_UNTIL_DISMISSAL}.",
        "Re-bonjour ! Nous cherchons un conseiller pour : @{QUEUE}.",
        "Désolé, nous n'avons pas compris votre demande. Écrivez-nous encore pour recommencer.",
        "Bienvenue chez @{COMPANY_NAME}.",
        "@{COMPANY_NAME} : répondez ici pour nous écrire. Des frais peuvent s'appliquer. STOP pour ne plus rien recevoir.",
        "@{COMPANY_NAME} : les réponses ne sont pas lues. STOP pour ne plus rien recevoir.",
        "Désolé, nous n'avons pas compris.",
        "@{COMPANY_NAME} : vous recevrez nos messages (fréquence variable). Des frais peuvent s'appliquer. HELP : aide, STOP : fin.",
        "@{COMPANY_NAME} : messages récurrents. Des frais peuvent s'appliquer. Répondez HELP pour de l'aide, STOP pour la fin.",
        "@{COMPANY_NAME} : vous ne recevrez plus de messages. Répondez START pour en recevoir de nouveau.",
        "@{COMPANY_NAME} : pour ne plus recevoir de messages, répondez STOP.",
        "Que pouvons-nous faire ? Répondez avec un chiffre :",
        "Fichier non accepté. Images (JPEG, PNG, GIF, WebP) et vidéos (MP4, 3GP, MOV) jusqu'à 5 Mo.",
        "@{COMPANY_NAME} : merci de patienter. Écrivez ici votre question, le conseiller la verra. Frais possibles. STOP pour la fin.",
        "Nous cherchons un conseiller pour vous aider : @{QUEUE}.",
    ],
    minutes: ("minute", "minutes"),
    singular_from: 0,
};

const GERMAN: Defaults = Defaults {
    tag: "de",
    texts: [
        "Wir haben gerade geschlossen. Wir öffnen wieder: @{NEXT_REOPEN_HOUR}.@{ELSE}Wir haben gerade geschlossen.",
        "@{COMPANY_NAME}: Hier ist unsere App:",
        "@{AGENT} schreibt Ihnen zum Thema @{QUEUE}.",
        "@{COMPANY_NAME}: Weiter geht es per SMS. Wir suchen jemanden für @{QUEUE}. Es können Kosten anfallen. Mit STOP abmelden.",
        "Sind Sie noch da? Ohne Antwort pausiert dieser Chat in @{TIME_UNTIL_DISMISSAL}.",
        "Willkommen zurück! Wir suchen jemanden, der Ihnen bei @{QUEUE} hilft.",
        "Leider haben wir Ihr Anliegen nicht verstanden. Schreiben Sie uns erneut, um neu zu beginnen.",
        "Willkommen bei @{COMPANY_NAME}.",
        "@{COMPANY_NAME}: Antworten Sie hier, um mit uns zu schreiben. Es können Kosten anfallen. Mit STOP abmelden.",
        "@{COMPANY_NAME}: Antworten an diese Nummer liest niemand. Mit STOP abmelden.",
        "Das haben wir leider nicht verstanden.",
        "@{COMPANY_NAME}: Sie erhalten Nachrichten von uns, unterschiedlich oft. Es können Kosten anfallen. HELP für Hilfe, STOP zum Abmelden.",
        "@{COMPANY_NAME}: wiederkehrende Nachrichten. Es können Kosten anfallen. HELP für Hilfe, STOP zum Abmelden.",
        "@{COMPANY_NAME}: Sie sind abgemeldet und erhalten keine Nachrichten mehr. Mit START wieder anmelden.",
        "@{COMPANY_NAME}: Wenn Sie keine Nachrichten mehr möchten, antworten Sie STOP.",
        "Wie können wir helfen? Antworten Sie mit einer Zahl:",
        "Diese Datei können wir nicht annehmen. Bilder (JPEG, PNG, GIF, WebP) und Videos (MP4, 3GP, MOV) bis 5 MB gehen.",
        "@{COMPANY_NAME}: Danke fürs Warten. Schreiben Sie hier Ihr Anliegen, wer Ihnen hilft, sieht es. Es können Kosten anfallen. Mit STOP abmelden.",
        "Wir suchen jemanden, der Ihnen bei @{QUEUE} hilft.",
    ],
    minutes: ("Minute", "Minuten"),
    singular_from: 1,
};

const KOREAN: Defaults = Defaults {
    tag: "ko",
    texts: [
        "지금은 상담 시간이 아닙니다. @{NEXT_REOPEN_HOUR}에 다시 엽니다.@{ELSE}지금은 상담 시간이 아닙니다.",
        "@{COMPANY_NAME} 앱:",
        "@{AGENT} 상담원이 @{QUEUE} 상담을 시작합니다.",
        "@{COMPANY_NAME}: 문자로 상담을 이어갑니다(@{QUEUE}). 요금 부과 가능. 수신거부 STOP",
        "계신가요? 답장이 없으면 @{TIME_UNTIL_DISMISSAL} 후 상담이 보류됩니다.",
        "다시 연락 주셔서 감사합니다. @{QUEUE} 상담원을 연결하고 있습니다.",
        "죄송합니다. 요청을 이해하지 못했습니다. 다시 시작하려면 문자를 보내 주세요.",
        "@{COMPANY_NAME}입니다. 반갑습니다.",
        "@{COMPANY_NAME}: 여기에 답장하시면 상담됩니다. 요금 부과 가능. 수신거부 STOP",
        "@{COMPANY_NAME}: 이 번호의 답장은 확인하지 않습니다. 수신거부 STOP",
        "죄송합니다. 이해하지 못했습니다.",
        "@{COMPANY_NAME}: 메시지를 보내 드립니다. 횟수 변동, 요금 부과 가능. 도움말 HELP, 수신거부 STOP",
        "@{COMPANY_NAME}: 정기 메시지. 요금 부과 가능. 도움말 HELP, 수신거부 STOP",
        "@{COMPANY_NAME}: 수신거부되어 더는 메시지를 보내지 않습니다. 다시 받기 START",
        "@{COMPANY_NAME}: 더 받지 않으시려면 STOP이라고 답장해 주세요.",
        "무엇을 도와드릴까요? 번호로 답장해 주세요:",
        "받을 수 없는 파일입니다. 5MB 이하 사진(JPEG,PNG,GIF,WebP), 동영상(MP4,3GP,MOV)만 됩니다.",
        "@{COMPANY_NAME}: 문의를 적어 주시면 상담원이 미리 봅니다. 요금 부과 가능. 수신거부 STOP",
        "@{QUEUE} 상담원을 연결하고 있습니다.",
    ],
    minutes: ("분", "분"),
    singular_from: 1,
};

const INDONESIAN: Defaults = Defaults {
    tag: "id",
    texts: [
        "Kami sedang tutup. Kami buka lagi @{NEXT_REOPEN_HOUR}.@{ELSE}Kami sedang tutup.",
        "@{COMPANY_NAME}: ini aplikasi kami:",
        "@{AGENT} akan membantu Anda tentang @{QUEUE}.",
        "@{COMPANY_NAME}: mari lanjut lewat SMS. Kami mencari petugas untuk @{QUEUE}. Tarif SMS & data berlaku. Balas STOP untuk berhenti.",
        "Anda masih di sana? Tanpa jawaban, obrolan dijeda dalam @{TIME_UNTIL_DISMISSAL}.",
        "Selamat datang kembali! Kami mencari petugas untuk membantu Anda: @{QUEUE}.",
        "Maaf, kami belum memahami kebutuhan Anda. Kirim pesan lagi untuk memulai dari awal.",
        "Selamat datang di @{COMPANY_NAME}.",
        "@{COMPANY_NAME}: balas di sini untuk mengobrol. Tarif SMS & data berlaku. Balas STOP untuk berhenti.",
        "@{COMPANY_NAME}: balasan ke nomor ini tidak dibaca. Balas STOP untuk berhenti.",
        "Maaf, kami tidak mengerti.",
        "@{COMPANY_NAME}: Anda menerima pesan kami. Frekuensi bervariasi. Tarif SMS & data berlaku. HELP untuk bantuan, STOP untuk berhenti.",
        "@{COMPANY_NAME}: pesan berkala. Tarif SMS & data berlaku. Balas HELP untuk bantuan, STOP untuk berhenti.",
        "@{COMPANY_NAME}: Anda sudah berhenti dan tidak menerima pesan lagi. Balas START untuk ikut lagi.",
        "@{COMPANY_NAME}: agar tidak menerima pesan lagi, balas STOP.",
        "Ada yang bisa kami bantu? Balas dengan angka:",
        "Maaf, berkas ini tidak bisa diterima. Foto (JPEG, PNG, GIF, WebP) dan video (MP4, 3GP, MOV) sampai 5 MB bisa.",
        "@{COMPANY_NAME}: terima kasih sudah menunggu. Tulis keperluan Anda, petugas akan melihatnya. Tarif SMS & data berlaku. STOP untuk berhenti.",
        "Kami mencari petugas untuk membantu Anda tentang @{QUEUE}.",
    ],
    minutes: ("menit", "menit"),
    singular_from: 1,
};

const JAPANESE: Defaults = Defaults {
    tag: "ja",
    texts: [
        "ただいま営業時間外です。次の営業開始：@{NEXT_REOPEN_HOUR}@{ELSE}ただいま営業時間外です。",
        "@{COMPANY_NAME}のアプリ：",
        "@{QUEUE}は@{AGENT}が担当いたします。",
        "@{COMPANY_NAME}：@{QUEUE}はSMSで承り、担当者におつなぎします。通信料がかかる場合あり。停止はSTOP",
        "ご返信がない場合、@{TIME_UNTIL_DISMISSAL}後にチャットを保留します。",
        "再度のご連絡ありがとうございます。@{QUEUE}の担当者におつなぎします。",
        "申し訳ありません。ご用件がわかりませんでした。もう一度送信すると最初から始まります。",
        "@{COMPANY_NAME}へようこそ。",
        "@{COMPANY_NAME}：ご返信いただくとチャットできます。通信料がかかる場合あり。停止はSTOP",
        "@{COMPANY_NAME}：この番号への返信は確認しておりません。停止はSTOP",
        "申し訳ありません。内容を理解できませんでした。",
        "@{COMPANY_NAME}：配信いたします。頻度は変動し、通信料がかかる場合あり。ヘルプはHELP、停止はSTOP",
        "@{COMPANY_NAME}：継続配信。通信料がかかる場合あり。ヘルプはHELP、停止はSTOP",
        "@{COMPANY_NAME}：配信を停止しました。再開はSTARTと返信してください。",
        "@{COMPANY_NAME}：配信を停止するにはSTOPと返信してください。",
        "ご用件を番号で返信してください：",
        "受信できないファイルです。5MBまでの画像(JPEG, PNG, GIF, WebP)と動画(MP4, 3GP, MOV)が可能です。",
        "@{COMPANY_NAME}：お待たせしております。ご用件をご返信ください。担当者に伝わります。通信料がかかる場合あり。停止はSTOP",
        "@{QUEUE}の担当者におつなぎしています。",
    ],
    minutes: ("分", "分"),
    singular_from: 1,
};

const PORTUGUESE: Defaults = Defaults {
    tag: "pt",
    texts: [
        "Estamos fechados agora. Abrimos de novo: @{NEXT_REOPEN_HOUR}.@{ELSE}Estamos fechados agora.",
        "@{COMPANY_NAME}: este é o nosso app:",
        "@{AGENT} vai conversar com você sobre @{QUEUE}.",
        "@{COMPANY_NAME}: vamos seguir por SMS. Buscamos um atendente para @{QUEUE}. Tarifas podem ser cobradas. Responda STOP para sair.",
        "Ainda quer conversar? Sem resposta, o chat pausa em @{TIME_UNTIL_DISMISSAL}.",
        "Que bom ver quem volta! Buscamos um atendente para @{QUEUE}.",
        "Lamentamos, mas o seu pedido ficou pouco claro. Escreva de novo para voltar ao menu.",
        "Boas-vindas da @{COMPANY_NAME}.",
        "@{COMPANY_NAME}: responda aqui para conversar. Tarifas podem ser cobradas. Responda STOP para sair.",
        "@{COMPANY_NAME}: respostas a este SMS nunca chegam a uma pessoa. Responda STOP para sair.",
        "Desculpe, a resposta ficou sem sentido para o sistema.",
        "@{COMPANY_NAME}: recebe as nossas mensagens, em ritmo variado. Tarifas podem ser cobradas. HELP para ajuda, STOP para sair.",
        "@{COMPANY_NAME}: mensagens recorrentes. Tarifas podem ser cobradas. Responda HELP para ajuda, STOP para sair.",
        "@{COMPANY_NAME}: cadastro cancelado, sem mais mensagens. Responda START para voltar.",
        "@{COMPANY_NAME}: para sair e parar de receber mensagens, responda STOP.",
        "Como podemos ajudar? Responda com a cifra:",
        "Arquivo recusado. Aceitamos fotos (JPEG, PNG, GIF, WebP) e filmes (MP4, 3GP, MOV) com 5 MB ou menos.",
        "@{COMPANY_NAME}: obrigado por esperar. Escreva aqui o assunto, quem atende vai ver. Tarifas podem ser cobradas. STOP para sair.",
        "Buscamos um atendente para ajudar com @{QUEUE}.",
    ],
    minutes: ("minuto", "minutos"),
    singular_from: 0,
};

const CHINESE: Defaults = Defaults {
    tag: "zh",
    texts: [
        "现在不在服务时间。下次开放：@{NEXT_REOPEN_HOUR}。@{ELSE}现在不在服务时间。",
        "@{COMPANY_NAME}应用：",
        "@{AGENT}将为您服务：@{QUEUE}。",
        "@{COMPANY_NAME}：我们改用短信继续，正在为您安排@{QUEUE}客服。可能产生资费。回复STOP退订。",
        "您还在吗？如无回复，对话将在@{TIME_UNTIL_DISMISSAL}后暂停。",
        "欢迎回来！正在为您安排@{QUEUE}客服。",
        "抱歉，我们未能了解您的需求。请再次发送短信以重新开始。",
        "欢迎联系@{COMPANY_NAME}。",
        "@{COMPANY_NAME}：直接回复即可与我们对话。可能产生资费。回复STOP退订。",
        "@{COMPANY_NAME}：此号码的回复无人查看。回复STOP退订。",
        "抱歉，没有明白您的意思。",
        "@{COMPANY_NAME}：您将收到我们的短信，频率不定，可能产生资费。回复HELP获取帮助，STOP退订。",
        "@{COMPANY_NAME}：定期短信，可能产生资费。回复HELP获取帮助，STOP退订。",
        "@{COMPANY_NAME}：您已退订，不会再收到短信。回复START重新订阅。",
        "@{COMPANY_NAME}：如不想再收到短信，请回复STOP。",
        "请问需要什么帮助？请回复数字：",
        "无法接收此文件。可接收5MB以内的图片(JPEG、PNG、GIF、WebP)和视频(MP4、3GP、MOV)。",
        "@{COMPANY_NAME}：感谢等候。请回复您的问题，客服将会看到。可能产生资费。回复STOP退订。",
        "正在为您安排@{QUEUE}客服。",
    ],
    minutes: ("分钟", "分钟"),
    singular_from: 1,
};
