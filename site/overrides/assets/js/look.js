// Elderly mode is one choice for site and app: the app keeps it in the cookie `look`, Material in its palette.
(function () {
  var schemes = { elder: "elder", standard: "district" };
  var path = new URL(document.querySelector("script[src*='assets/js/look.js']").src).pathname.replace(/assets\/js\/.*$/, "");
  var inputs = document.querySelectorAll("input[name='__palette']");
  var kept = (document.cookie.match(/(?:^|; )look=(elder|standard)/) || [])[1];
  inputs.forEach(function (input) {
    input.addEventListener("change", function () {
      var look = input.dataset.mdColorScheme === "elder" ? "elder" : "standard";
      document.cookie = "look=" + look + "; path=" + path + "; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
    });
    if (kept && input.dataset.mdColorScheme === schemes[kept] && document.body.dataset.mdColorScheme !== schemes[kept]) input.click();
  });
})();
