import { type MailTexts, momentIn } from './texts.ts';

const neverShare = 'Niemand von uns wird Sie jemals nach diesem Code fragen.';

export const de: MailTexts = {
  confirmation: ({ code }, brand) => ({
    subject: `Bestätigen Sie Ihre Adresse für ${brand}`,
    heading: 'Bestätigen Sie Ihre Adresse',
    before: [
      `Jemand, hoffentlich Sie, hat sich mit dieser Adresse bei ${brand} registriert. Geben Sie zur Bestätigung diesen Code ein:`,
    ],
    code,
    after: [neverShare, 'Wenn Sie das nicht waren, tun Sie nichts: Ohne den Code entsteht kein Konto.'],
  }),
  'sign-in-code': ({ code, expiresInMinutes, device }, brand) => ({
    subject: `Ihr Anmeldecode für ${brand}`,
    heading: 'Ihr Anmeldecode',
    before: [
      device
        ? `Jemand meldet sich gerade mit dem richtigen Passwort bei Ihrem Konto an, Gerät: ${device}. Geben Sie diesen Code ein, um fortzufahren:`
        : 'Jemand meldet sich gerade mit dem richtigen Passwort bei Ihrem Konto an. Geben Sie diesen Code ein, um fortzufahren:',
    ],
    code,
    after: [
      `Der Code gilt einmal und ${expiresInMinutes} Minuten lang.`,
      neverShare,
      'Wenn Sie das nicht waren, geben Sie den Code nicht weiter und ändern Sie Ihr Passwort.',
    ],
  }),
  'address-taken': (_, brand) => ({
    subject: `Registrierung mit Ihrer Adresse bei ${brand}`,
    heading: 'Diese Adresse ist bereits registriert',
    before: [
      `Jemand, vielleicht Sie, wollte sich mit dieser Adresse bei ${brand} registrieren. Sie gehört schon zu einem Konto oder zu einer noch nicht abgeschlossenen Registrierung; es wurde nichts geändert.`,
    ],
    after: [
      'Wenn Sie das waren: Melden Sie sich wie gewohnt an oder fordern Sie ein neues Passwort an, falls Sie es vergessen haben. Ist Ihre Registrierung noch nicht abgeschlossen, fahren Sie in dem Browser fort, in dem Sie begonnen haben.',
      'Wenn Sie das nicht waren, müssen Sie nichts tun.',
    ],
  }),
  'new-device': ({ device, at }, brand) => ({
    subject: `Neues Gerät in Ihrem Konto bei ${brand}`,
    heading: 'Anmeldung mit einem neuen Gerät',
    before: [
      `Ihr Konto wurde mit einem Gerät benutzt, das wir bisher nicht kannten: ${device}, am ${momentIn('de-DE', at)}.`,
    ],
    after: [
      'Wenn Sie das waren, müssen Sie nichts tun.',
      `Wenn Sie das nicht waren, ändern Sie jetzt Ihr Passwort: Öffnen Sie ${brand} auf dem gewohnten Weg und wählen Sie „Passwort vergessen“.`,
    ],
  }),
  'password-reset': ({ code }, brand) => ({
    subject: `Neues Passwort für ${brand}`,
    heading: 'Neues Passwort setzen',
    before: [
      'Jemand, hoffentlich Sie, möchte für Ihr Konto ein neues Passwort setzen. Geben Sie dazu diesen Code ein:',
    ],
    code,
    after: [neverShare, 'Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.'],
  }),
};
