// Words selected in the post go into the form that is open. Without script they are copied by hand.
(() => {
  const post = document.getElementById("post");
  const hint = document.querySelector(".hint.script");
  if (!post) return;
  if (hint) hint.hidden = false;
  const plain = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".ref").forEach((ref) => ref.remove());
    return copy.textContent;
  };
  const whole = plain(post);
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
    const range = chosen.getRangeAt(0);
    if (!post.contains(range.commonAncestorContainer)) return;
    const form = [...document.querySelectorAll("details.edit[open] form")].pop();
    if (!form) return;
    const before = range.cloneRange();
    before.selectNodeContents(post);
    before.setEnd(range.startContainer, range.startOffset);
    const quote = plain(range.cloneContents());
    const kept = quote.trim();
    if (!kept) return;
    const start = plain(before.cloneContents()).length + quote.indexOf(kept);
    let nth = 1;
    for (let at = whole.indexOf(kept); at >= 0 && at < start; at = whole.indexOf(kept, at + 1)) nth += 1;
    form.elements.quote.value = kept;
    form.elements.nth.value = nth;
  });
})();
