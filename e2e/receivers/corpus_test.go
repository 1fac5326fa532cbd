package receivers

import (
	"math/rand/v2"
	"strings"
)

// names are what people, and those who mean harm, may call themselves.
var names = []string{
	"Tim", "Zoë Müller-Lüdenscheidt", "O'Neill & Söhne", "J. R. R. Tolkien", "Tim (admin)", "李小龍", "محمد", "नमस्ते", "e\u0301", "👩‍👩‍👧‍👦", "🇩🇪🇩🇪", "tim@example.org", "x", "(unbekannt)",

	// alerts
	"@everyone", "@here", "@all", "@channel", "@room", "@tim", "@durov", "tim@all", ".@all", "-@here:", "a.@channel", "@@all", "@ all", "@\u200ball", "＠all", "@**all**", "@_**Tim**", "@*admins*", "#**general**", "#general", "#1", "$USD", "/start", "~town-square",
	"<!channel>", "<!here>", "<!everyone>", "<!subteam^S1|x>", "<!date^1^{date}|x>", "<@U012345>", "<@!1>", "<@&1>", "<#C1|x>", "<#1>", "<id:home>", "</a:1>", "<:a:1>", "<a:b:2>", "<t:1:R>", "<users/all>", "<users/1>", "<@tim>", "<@all>",
	`<at user_id="all">x</at>`, `<at id=all></at>`, "<at>Tim</at>", "&lt;!channel&gt;", "&amp;lt;!channel&gt;", "&#64;all", "&#x40;here", "\\@all", "\\<!here>",

	// what is markup or an alert between the administrator's brackets
	"!channel|a@b.de", "!here|a@b.de", "!channel", "users/all|a@b.de", "users/all", "https:evil.com|x@b.de", "mailto:x|x@b.de", "everyone", "here", "all", "channel", "U012345", "1", "t:1:R", "id:home", "subteam^S1|x@b.de", `at user_id="all"`, "at", "b",

	// links and images
	"https://evil.example", "HTTP://evil.example/x?y=z#w", "javascript://%0aalert(1)", "mailto:tim@example.org", "tel:+4917012345", "//evil.example", "www.evil.example", "evil.com", "www.evil.com/x", "ftp.evil.com", "1.2.3.4", "localhost:80", "a://b://c",
	"[x](https://evil.example)", "[x](//evil.com)", "[x](evil.com)", "[x](mailto:a@b.de)", "[x](/a)", "[x](<a b>)", "[x][y]", "[x]", "[x]: https://evil.example", "[x]: /url", "![x](https://evil.example/x.png)", "![x](/a)", "![]", "[[x]]", "[^1]", "[^1]: x", "[ ] x", "[x] y",
	"<https://evil.example>", "<https://evil.example|x>", "<mailto:a@b.de|x>", "<a@b.de>", "<//x|y>", "https:evil.example", "https:/\\evil.example", "https:/evil.example", "slack://open", "tg://resolve?domain=x", "x:\\/\\/y",

	// markup
	"*b*", "**b**", "***b***", "_i_", "__u__", "~s~", "~~s~~", "||s||", "`c`", "``c``", "```c```", "```", "~~~", "`", "*", "**", "_", "__", "~~", "||", "$x$", "$$x$$", "\\(x\\)", "==m==", "++u++", "^x^", "H~2~O", "|a|b|", "a | b", ":---:", "{{DATE(2017-02-14T06:00:00Z, SHORT)}}", "{{TIME(2017-02-14T06:00:00Z)}}",
	"# h", "## h", "#h", "-# s", "> q", ">>> q", ">q", "- x", "* x", "+ x", "1. x", "1) x", "7. x", "- [ ] x", "---", "***", "___", "===", "-", "+", ">", "#", "1.", "x\n===", "x\n---", "    code", "\tcode", "a\n\nb", "a  \nb", "a\\\nb", "* * *", ":smile:", ":+1: :tada:", "<3", ":)", "->", "(c)", "...", "--", "…",

	// HTML, JSON, headers, templates
	"<b>x</b>", "<script>alert(1)</script>", "<!-- x -->", "<![CDATA[x]]>", "<?php ?>", "<img src=x onerror=alert(1)>", "<a href='https://evil.example'>x</a>", "<br>", "<u>x</u>", "<", ">", "<>", "&", "&amp;", "&lt;", "&copy;", "&#0;", "&nbsp;", "&unknown;", "&;",
	`"`, `","text":"x`, `"},"x":{"y":"`, `\`, `\\`, `\"`, `\u0041`, `\n`, "\\\\\\", "a\\", "\r\nX-Evil: 1", "x\r\n\r\nbody", "\nTitle: x", "=?utf-8?B?eA==?=", "%0d%0aX: y", "{name}", "{email}", "{{name}}", "${jndi:ldap://x}", "%s%d", "null", "<at>",

	// characters
	"\u202egnp.exe", "a\u2066b\u2069c", "\u200e\u200f\u061c", "\u200b", "a\u200bb", "\u200c\u200d\ufeff\u2060", "a\u00adb", "\x00", "a\x00b", "\x1b[31mred", "\u0085", "\u2028x\u2029", "\ufffd", "\uffff", "\U000E0041\U000E007F", "\U0010FFFF", "\U000F0040", "\xff\xfe", "a\xc3", "\xed\xa0\xbd", "\xf0\x9f\x98",
	strings.Repeat("🎉", 500), strings.Repeat("👩‍👩‍👧‍👦", 100), "Z" + strings.Repeat("\u0351", 300), strings.Repeat("x", 10000), strings.Repeat("*", 10000), strings.Repeat("&", 10000), strings.Repeat("<", 300), strings.Repeat("\\", 301), strings.Repeat("@all ", 300), strings.Repeat("[", 300), strings.Repeat("> ", 300), strings.Repeat("ü", 10000),
}

// pieces are what random names are made of, beside others.
var pieces = []string{
	"*", "**", "_", "__", "~", "~~", "`", "```", "|", "||", "<", ">", "[", "]", "(", ")", "](", "![", "!", "@", "#", "\\", "&", ";", ":", "://", "//", "/", ".", "-", "+", "=", "$", "^", "{", "}", "\"", "'", "%", "?", ",",
	" ", "\n", "\t", "\r\n", "\u200b", "\u00a0", "\u202e", "0", "1", "1.", "a", "b", "tim", "all", "here", "everyone", "channel", "users/all", "www.", ".com", "evil.com", "http", "https", "mailto:", "amp;", "lt;", "#64;", "ü", "🎉", "👩‍🚀", "\ufffd", "\xff",
}

// random is one of names, some of them, or a mix of pieces.
func random(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return names[r.IntN(len(names))] + " " + names[r.IntN(len(names))]
	case 1:
		return names[r.IntN(len(names))] + names[r.IntN(len(names))]
	case 2:
		runes := []rune(names[r.IntN(len(names))])
		at := r.IntN(len(runes) + 1)

		return string(runes[:at]) + pieces[r.IntN(len(pieces))] + string(runes[at:])
	}

	var name strings.Builder

	for range 1 + r.IntN(14) {
		name.WriteString(pieces[r.IntN(len(pieces))])
	}

	return name.String()
}
