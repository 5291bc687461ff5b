// The approval card: what came of a change or, if its result brought a code, the question and the person's answer to it.
// What is asked and what came of it is HTML that the server has escaped; nothing else is put in place as HTML.
const META = "iletimerkezi.com/card";
const GUARD = 0.5, FIRST_PAUSE = 3, LONGEST_PAUSE = 60, OPEN_PAUSE = 30, GIVE_UP_AFTER = 3600; // seconds

let code = null;
let state = null; // of the card, as the server said last
let pressed = null; // the decision that was made on this card
let isDeciding = false;
let turn = 0; // an answer counts if nothing was asked after it
let hadFocus = false; // when something was pressed; a button that is disabled loses it
let pause = FIRST_PAUSE;
let timer = null;
const opened = Date.now();

const meta = (result) => result._meta?.[META] ?? {};
const after = (seconds, work) => {
  clearTimeout(timer);
  timer = setTimeout(work, seconds * 1000);
};

function place(html) {
  hadFocus ||= card.contains(document.activeElement);
  card.innerHTML = html;
  const heading = card.querySelector("h1");
  // What is heard is what is seen: the answer's own words are for a model.
  announce((card.querySelector("[role=alert]") ?? heading)?.textContent ?? "");
  heading?.setAttribute("tabindex", "-1");
  // A card that appears while a person types elsewhere must not take the keyboard; one that they use must not lose it.
  if (hadFocus) (card.querySelector("input") ?? heading)?.focus();
  hadFocus = false;
  // A press that was meant for what was here a moment ago is not one of these buttons.
  for (const button of card.querySelectorAll("button")) button.disabled = true;
  setTimeout(() => allow(true), GUARD * 1000);
}

function allow(isAllowed) {
  for (const button of card.querySelectorAll("button")) button.disabled = !isAllowed;
}

// Says what went wrong above what is there, with a button that only looks: it never decides anything.
function complain(text) {
  card.querySelector("#problem")?.remove();
  const button = element("button", { type: "button", class: "plain" }, words.ask_again);
  button.addEventListener("click", () => ask("shown"));
  card.prepend(element("div", { id: "problem", class: "warning" }, element("p", {}, text), button));
  announce(text);
}

// What a person presses goes out at once though a look is still on its way, and nothing beside it until it is answered.
async function ask(decision, count) {
  if (isDeciding) return;
  const own = ++turn;
  clearTimeout(timer);
  if (decision !== "shown") {
    [pressed, isDeciding, hadFocus] = [decision, true, card.contains(document.activeElement)];
    allow(false);
  }
  let work;
  try {
    const result = await host.call("card_answer", { code, decision, ...(count && { count }) });
    work = () => show(result, decision);
  } catch (error) {
    work = () => {
      throw error;
    };
  }
  if (own !== turn) return;
  isDeciding = false;
  try {
    work();
  } catch (error) {
    // A change may have been made though its answer was lost, so the question is not put again.
    if (pressed) card.querySelector("form")?.remove();
    complain(say(pressed ? "not_known" : "not_asked", { reason: error.message }));
    if (!isOver()) after(OPEN_PAUSE, look);
  }
}

function show(result, decision) {
  const answer = result.structuredContent;
  const { html } = meta(result);
  if (answer?.state === undefined || html === undefined) {
    const reason = answer?.summary ?? result.content?.[0]?.text ?? words.no_answer;
    if (answer?.outcome !== "nothing_done") throw new Error(reason);
    pressed = null;
    allow(true);
    return complain(reason);
  }
  // What is open stays as it is while the person reads and types, unless they pressed something.
  const isUntouched = state === "open" && answer.state === "open" && decision === "shown" && !card.querySelector("#problem");
  if (!isUntouched) place(html);
  state = answer.state;
  if (state === "open") {
    pressed = null;
    after(OPEN_PAUSE, look);
  } else if (state === "under_way") {
    if (isOver()) return complain(words.still_under_way);
    after(pause, look);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
  } else if (state === "decided" && pressed) {
    tellModel(result);
  }
}

const isOver = () => (Date.now() - opened) / 1000 > GIVE_UP_AFTER;
const look = () => (document.visibilityState === "visible" ? ask("shown") : after(OPEN_PAUSE, look));

// The model has the question from before; what came of it reaches it with the person's next message.
function tellModel(result) {
  pressed = null;
  if (!host.capabilities.updateModelContext) return;
  const content = result.content.filter((block) => block.type === "text");
  host.request("ui/update-model-context", { content }).catch(() => {});
}

function press(decision) {
  if (state === "open") ask(decision, card.querySelector("input[name=count]")?.value.trim());
}

// Frames of hosts need not allow forms, and then no form is ever submitted: the buttons and the key do it here.
card.addEventListener("submit", (event) => event.preventDefault());
card.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=decision]");
  if (button === null) return;
  event.preventDefault();
  press(button.value);
});
card.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  if (!card.querySelector("button[value=approve]").disabled) press("approve");
});

function tell(result) {
  const { html } = meta(result);
  const answer = result.structuredContent;
  if (html !== undefined) return place(html);
  if (answer === undefined) return;
  const lines = (answer.preview ?? "").split("\n").filter((line) => !line.startsWith("! "));
  card.replaceChildren(
    element("h1", {}, answer.summary),
    ...(answer.sandbox ? [element("p", {}, element("span", { class: "badge" }, words.sandbox))] : []),
    ...(answer.warnings ?? []).map((warning) => element("p", { class: "warning" }, warning)),
    ...(answer.preview ? [element("div", { class: "text" }, lines.join("\n"))] : []),
    element("p", {}, answer.next_step),
  );
  announce(answer.summary);
}

host.on["ui/notifications/tool-result"] = (result) => {
  code = meta(result).code ?? null;
  [state, pressed, isDeciding] = [null, null, false];
  turn += 1;
  clearTimeout(timer);
  // A host that answered and does not let cards call tools cannot bring the answer back.
  if (code === null || (host.isWelcome && !host.capabilities.serverTools)) return tell(result);
  ask("shown");
};
host.on["ui/notifications/tool-cancelled"] = () => card.replaceChildren(element("p", {}, words.cancelled));
host.on["ui/resource-teardown"] = () => clearTimeout(timer);
host.start();
