// Asks the browser for a passkey, or to make one, and sends the answer with the form.
const form = document.querySelector('form[data-passkey]');
const failed = document.getElementById('passkey-failed');

async function ask() {
  if (!form) return;
  failed.hidden = true;
  try {
    const options = JSON.parse(form.dataset.options);
    const credential =
      form.dataset.passkey === 'create'
        ? await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
          })
        : await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
          });
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    failed.hidden = false; // cancelled, timed out or not on this device: the person decides what comes next
  }
}

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void ask();
});
if (form?.dataset.passkey === 'get') void ask();
