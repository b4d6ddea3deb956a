// Solve the challenge in a worker of ALTCHA's and put the solution into the form; say when it may be sent.
(function () {
  var note = document.getElementById("puzzle-note"), field = document.getElementById("puzzle"), worker;
  if (!note || !field) return;
  function say(text) { note.firstElementChild.textContent = text; }
  function fail() { say(note.dataset.failed); }
  try {
    var challenge = JSON.parse(note.dataset.challenge);
    worker = new Worker(note.dataset.worker);
    worker.onerror = fail;
    worker.onmessage = function (message) {
      if (!message.data || message.data.error) return fail();
      field.value = btoa(JSON.stringify({ challenge: challenge, solution: message.data }));
      say(note.dataset.done);
    };
    worker.postMessage({ type: "work", challenge: challenge });
  } catch (error) { fail(); }
})();
