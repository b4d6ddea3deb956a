// Elderly mode is one choice for site and app, in the cookie `look`. Runs before the page is drawn, so nothing jumps.
(function () {
  var root = document.documentElement;
  var path = new URL(document.currentScript.src).pathname.replace(/assets\/js\/.*$/, "");
  var show = function (look) { if (look === "elder") root.dataset.mode = "elder"; else delete root.dataset.mode; };
  var kept = (document.cookie.match(/(?:^|; )look=(elder|standard)/) || [])[1];
  if (kept) show(kept);
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a.p-mode[href^='?look=']");
    if (!link) return;
    event.preventDefault();
    var look = link.getAttribute("href").slice(6);
    document.cookie = "look=" + look + "; path=" + path + "; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
    show(look);
    var other = document.querySelector(look === "elder" ? ".p-only-elder" : ".p-only-std");
    if (other) other.focus();
  });
  // On paper every answer is open.
  addEventListener("beforeprint", function () { document.querySelectorAll("details").forEach(function (box) { box.open = true; }); });
})();
