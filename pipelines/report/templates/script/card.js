// The evidence about one candidate, in a drawer; on paper the same cards follow the table.

const DIRECTIONS = { for: "Speaks for it", against: "Speaks against it", neutral: "Tips neither way", unknown: "Not known" };

const askedAs = (one) => (one.handle || one.account_id).replaceAll("'", "''");

const keyFigures = (one) => {
  const entry = (title, value, beside) => element("div", {}, element("dt", {}, title), element("dd", {}, element("b", {}, value), element("small", {}, beside)));
  return element("dl", { class: "key" },
    entry("Trust", figure(one.trust, score), between(one.trust_low, one.trust_high, score)),
    entry("Risk", riskFigure(one), one.isRiskKnown ? between(one.shill_probability_low, one.shill_probability_high, risk) : ""),
    entry("Reach", figure(one.reach_share, share), isKnown(one.audience_followers) ? `${count(one.audience_followers)} of ${counted(data.audience_size, "member")}` : ""),
    entry("Lift", figure(one.lift_low, (value) => `≥ ${ratio(value)}`), "times elsewhere"),
    entry("Followers", figure(one.followers_count, count), hasSize(one) ? one.size_tier : ""));
};

// Bars of the parts that make trust, and of what moves the risk: to the right for, to the left against.
const partBars = (one, card) => {
  const row = (title, length, kind, words, hint) => element("tr", { title: hint },
    element("th", { scope: "row" }, title),
    element("td", { class: `against ${kind}` }, kind === "bad" && element("i", { style: `width:${percent(length)}` })),
    element("td", { class: `for ${kind}` }, kind === "good" && element("i", { style: `width:${percent(length)}` })),
    element("td", { class: "n" }, words));
  const parts = card.parts.filter(([, value]) => isKnown(value));
  const largest = Math.max(0.01, ...parts.map(([, value]) => value));
  const weighed = card.lines.filter(({ is_risk: isRisk, weight }) => isRisk && isKnown(weight) && Math.abs(weight) >= 0.05)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const heaviest = Math.max(3, ...weighed.map(({ weight }) => Math.abs(weight)));
  return element("table", { class: "parts" },
    element("caption", {}, "Parts of the score"),
    element("thead", {}, element("tr", {},
      element("th", { scope: "col" }, element("span", { class: "hush" }, "Part")),
      element("th", { scope: "col", class: "against" }, "against"),
      element("th", { scope: "col", class: "for" }, "for"),
      element("th", { scope: "col", class: "n" }, element("span", { class: "hush" }, "Figure")))),
    element("tbody", {}, parts.map(([title, value]) => row(title, value / largest, "good", `+${score(value)}`, "adds to trust")),
      element("tr", { class: "sum" }, element("th", { scope: "row" }, "Trust"), element("td"), element("td"), element("td", { class: "n" }, figure(one.trust, score)))),
    element("tbody", {}, weighed.map(({ signal, weight }) => row(signal, Math.abs(weight) / heaviest, weight > 0 ? "bad" : "good", `risk ${weight > 0 ? "↑" : "↓"}`, `moves the log odds of the risk by ${weight.toFixed(1)}`)),
      element("tr", { class: "sum" }, element("th", { scope: "row" }, "Risk"), element("td"), element("td"), element("td", { class: "n" }, riskFigure(one)))),
    element("tbody", {}, element("tr", { class: "sum" }, element("th", { scope: "row" }, "Score ", element("small", {}, "lower trust × (1 − upper risk)")), element("td"), element("td"), element("td", { class: "n" }, figure(one.score, score)))));
};

// Members are counted and not named, so that only a candidate's own posts say whose they are.
const quoted = (one) => (id) => {
  const post = data.posts[id];
  return post && element("blockquote", {},
    element("p", {}, named(post.text)),
    element("footer", {}, post.by === one.account_id ? ["by ", named(one.label)] : "by somebody else", `, ${post.at}`,
      post.url && [" · ", outside(post.url, "open the post")]));
};

const evidenceLine = (one, line) => {
  const beside = [line.value, line.typical, line.threshold].filter(Boolean);
  const accounts = line.accounts.map((id) => candidateOf.get(id)).filter(Boolean);
  return element("li", {},
    element("p", {}, sentence(line.words, one.label)),
    element("p", { class: "beside" }, beside.join(" · "),
      accounts.length ? [beside.length ? " · " : "", "for example ", accounts.flatMap((other, place) => [place ? ", " : "", opener(other)])] : ""),
    line.posts.map(quoted(one)));
};

// Of somebody who is not recommended, what speaks against comes first.
const directionsOf = (one) => (one.status === "recommended" ? ["for", "against"] : ["against", "for"]).concat("neutral", "unknown");

const evidenceLines = (one, card) => directionsOf(one).map((direction) => {
  const title = DIRECTIONS[direction];
  const lines = card.lines.filter((line) => line.direction === direction);
  if (!lines.length) return "";
  const list = element("ul", { class: `lines is-${direction}` }, lines.map((line) => evidenceLine(one, line)));
  return direction === "for" || direction === "against"
    ? [element("h4", { class: `is-${direction}` }, title), list]
    : element("details", {}, element("summary", {}, `${title} (${lines.length})`), list);
});

const audienceTypes = (card) => card.types.length > 0 && [
  element("h4", {}, "Who follows it"),
  element("div", { class: "stack", "aria-hidden": "true" }, card.types.map(({ type, share: part }) => element("i", { class: `type-${type}`, style: `width:${percent(part)}` }))),
  element("ul", { class: "types" }, card.types.map(({ type, words, share: part, low, high }) =>
    element("li", {}, element("i", { class: `type-${type}`, "aria-hidden": "true" }), ` ${words} `, element("b", {}, share(part)), " ", element("small", {}, between(low, high, share))))),
  element("p", { class: "note" }, `From ${counted(card.types[0].n, "profiled follower")}. Anybody can be followed by anybody: who follows says little about who is followed.`),
];

const growthPart = (one, card) => (card.history.length > 2 || card.events.length > 0) && [
  element("h4", {}, "Followers over time"),
  card.history.length > 2 && growthLine(one, card.history, card.events),
  card.history.length > 2 && element("p", { class: "note" }, card.history_words),
  card.events.length > 0 && element("ol", { class: "events" }, card.events.map((event) => element("li", { class: event.kind }, sentence(event.words, one.label)))),
];

const around = (one, card) => {
  const picture = egoPicture(one);
  return [
    picture && [element("h4", {}, "Among the candidates"), picture],
    element("h4", {}, "More like this"),
    card.similar.length === 0 && element("p", { class: "note" }, "Shared audiences are compared among the first candidates. For this one, in DuckDB: ", element("code", {}, `FROM similar_to('${askedAs(one)}')`)),
    card.similar.length > 0 && [
      element("p", { class: "note" }, "Candidates whom the same members follow, with the share of the smaller following of the two."),
      element("ul", { class: "similar" }, card.similar.map(([id, part]) => {
        const other = candidateOf.get(id);
        return other && element("li", {}, opener(other), ` ${share(part)} `, element("small", {}, `no. ${count(other.rank)}, ${plainWords(other.status)}`));
      })),
    ],
  ];
};

// What a person decided, in the words of `vouch why`: the status follows it, whatever was measured.
const reviewLine = (one) => data.reviews[one.account_id] && element("p", { class: "review" }, sentence(data.reviews[one.account_id], one.label));

const cardBody = (one) => {
  const card = data.cards[one.account_id];
  if (!card) {
    return [keyFigures(one), reviewLine(one), element("p", {}, "The evidence of the first candidates, of every pick, and of those with a raised risk or a person's label who reach the most is in this page. For this one: ", element("code", {}, `vouch why ${one.handle || one.account_id}`), ", or in DuckDB ", element("code", {}, `FROM why('${askedAs(one)}')`), ".")];
  }
  return [
    card.bio && element("p", { class: "bio" }, "Says of itself: ", element("q", {}, named(card.bio))),
    keyFigures(one),
    element("p", {}, card.about.flatMap((words) => [sentence(words, one.label), " "])),
    card.because && element("p", {}, "Status ", chip(one), ` because ${card.because}.`),
    reviewLine(one),
    partBars(one, card),
    card.more.map(([title, words]) => element("p", {}, element("b", {}, title), " ", sentence(words, one.label))),
    card.lines.length ? evidenceLines(one, card) : element("p", {}, "No line of evidence was published for this account: too little is known of it."),
    audienceTypes(card),
    growthPart(one, card),
    around(one, card),
  ];
};

const cardTitle = (one) => [
  element("p", { class: "place" }, `No. ${count(one.rank)}`, isKnown(one.rank_low) ? ` (${between(one.rank_low, one.rank_high, count)})` : "", hasSize(one) && isKnown(one.rank_in_tier) ? ` · no. ${count(one.rank_in_tier)} of the ${one.size_tier} accounts` : ""),
  element("h3", { id: `about-${one.place}`, tabindex: "-1" }, named(one.label)),
  element("p", {}, one.display_name && [named(one.display_name), " "], chip(one), " ", pickMark(one), " ", thinMark(one),
    data.cards[one.account_id]?.profile && [" ", outside(data.cards[one.account_id].profile, "profile")]),
];

const drawer = document.getElementById("drawer");
let opened = null; // what had the focus when the drawer was opened

const decisionForm = (one) => {
  const entry = entryOf(one.account_id);
  const name = `say-${one.place}`;
  return element("div", { class: "decision", role: "group", "aria-label": `Your decision on ${one.label}` },
    starButton(one),
    element("span", { class: "choice" }, SAYINGS.map((word) => element("label", {},
      element("input", { type: "radio", name, value: word, checked: entry?.say === word, change: () => decide(one.account_id, { say: word }) }), word))),
    element("label", { class: "why" }, "because ",
      element("input", { type: "text", value: entry?.why || "", maxlength: "200", placeholder: "reason", autocomplete: "off", change: (event) => decide(one.account_id, { why: event.target.value.trim() }) })));
};

const showDrawer = () => {
  const one = candidateOf.get(state.open);
  if (!state.open) {
    if (drawer.open) drawer.close();
    return;
  }
  const closer = element("button", { type: "button", class: "close", click: () => drawer.close(), "aria-label": "Close the evidence" }, "Close ✕");
  if (!one) {
    const title = element("h3", { id: "about-nobody", tabindex: "-1" }, named(state.open));
    showInDrawer("about-nobody", element("div", { class: "bar-of-drawer" }, closer), element("header", {}, title, element("p", {}, "is no candidate in this run.")));
    return;
  }
  const order = shown();
  const place = order.indexOf(one);
  const step = (by, words) => {
    const next = place < 0 ? null : order[place + by];
    return element("button", { type: "button", disabled: !next, click: () => change({ open: next.account_id }), title: next ? next.label : null }, words);
  };
  showInDrawer(`about-${one.place}`,
    element("div", { class: "bar-of-drawer" }, step(-1, "← Previous"), step(1, "Next →"), closer),
    element("header", {}, cardTitle(one)),
    element("div", { class: "decision-place" }, decisionForm(one)),
    element("div", { class: "inside" }, cardBody(one)));
};
const showInDrawer = (title, ...parts) => {
  drawer.setAttribute("aria-labelledby", title);
  drawer.replaceChildren(...parts);
  drawer.scrollTop = 0;
  if (!drawer.open) {
    opened = document.activeElement;
    drawer.showModal();
  }
  drawer.querySelector("h3").focus();
};
const refreshDecision = () => {
  const one = candidateOf.get(state.open);
  const place = drawer.querySelector(".decision-place");
  if (!one || !place || place.contains(document.activeElement) && document.activeElement.type === "text") return;
  const within = place.contains(document.activeElement) ? document.activeElement : null;
  const again = within?.dataset.star ? "button" : within?.value ? `input[value="${within.value}"]` : null;
  place.replaceChildren(decisionForm(one));
  if (again) place.querySelector(again)?.focus();
};
drawer.addEventListener("close", () => {
  if (state.open) change({ open: "" });
  opened?.isConnected && opened.focus();
  opened = null;
});
drawer.addEventListener("click", (event) => {
  if (event.target === drawer) drawer.close();
});
