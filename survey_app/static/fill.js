// The card's QR holds /r#CODE: what follows # is never sent to a server. Put it into the field and clear the address.
(function () {
  var code = decodeURIComponent(location.hash.slice(1)), field = document.getElementById("code");
  if (!code || !field) return;
  field.value = code;
  history.replaceState(null, "", location.pathname);
})();
