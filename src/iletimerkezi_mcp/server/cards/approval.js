// The approval card: what a change's answer says; and, if a person decides here, the question and what came of it.
const lines = (text) => String(text).split("\n").map((line) => element("p", {}, line));

host.on["ui/notifications/tool-result"] = ({ structuredContent: answer }) => {
  if (!answer) return;
  card.replaceChildren(
    element("h1", {}, answer.summary),
    ...(answer.sandbox ? [element("p", {}, element("span", { class: "badge" }, words.sandbox))] : []),
    ...(answer.warnings ?? []).map((warning) => element("p", { class: "warning" }, warning)),
    ...(answer.preview ? [element("div", { class: "text" }, answer.preview)] : []),
    ...lines(answer.next_step),
  );
  announce(answer.summary);
};
host.on["ui/notifications/tool-cancelled"] = () => card.replaceChildren(element("p", {}, words.cancelled));
host.start();
