import { type AccountChange, type MailTexts, momentIn } from './texts.ts';

const neverShare = 'Niemand von uns wird Sie jemals nach diesem Code fragen.';

const minutes = (count: number): string => (count === 1 ? 'eine Minute' : `${count} Minuten`);

const accountChanges: Readonly<Record<AccountChange, { readonly subject: string; readonly line: string }>> = {
  'passkey-added': {
    subject: 'Passkey hinzugefügt',
    line: 'Ihrem Konto wurde ein Passkey hinzugefügt.',
  },
  'passkey-removed': { subject: 'Passkey entfernt', line: 'Aus Ihrem Konto wurde ein Passkey entfernt.' },
  'app-added': {
    subject: 'Authenticator-App hinzugefügt',
    line: 'Ihrem Konto wurde eine Authenticator-App hinzugefügt.',
  },
  'app-removed': {
    subject: 'Authenticator-App entfernt',
    line: 'Die Authenticator-App wurde aus Ihrem Konto entfernt.',
  },
  'phone-added': {
    subject: 'Telefonnummer hinzugefügt',
    line: 'Ihrem Konto wurde eine Telefonnummer hinzugefügt.',
  },
  'phone-removed': {
    subject: 'Telefonnummer entfernt',
    line: 'Die Telefonnummer wurde aus Ihrem Konto entfernt.',
  },
  'recovery-codes-replaced': {
    subject: 'Neue Wiederherstellungscodes',
    line: 'Für Ihr Konto wurden neue Wiederherstellungscodes erstellt. Ältere gelten nicht mehr.',
  },
  'recovery-codes-removed': {
    subject: 'Wiederherstellungscodes entfernt',
    line: 'Die Wiederherstellungscodes Ihres Kontos wurden entfernt.',
  },
  'password-changed': {
    subject: 'Passwort geändert',
    line: 'Das Passwort Ihres Kontos wurde geändert, und alle Sitzungen wurden beendet.',
  },
  'address-change-requested': {
    subject: 'Änderung Ihrer Adresse angefordert',
    line: 'Jemand möchte Ihr Konto auf eine andere E-Mail-Adresse umstellen. Diese hier gilt, bis die neue bestätigt ist.',
  },
  'address-changed': {
    subject: 'Adresse geändert',
    line: 'Ihr Konto hat jetzt eine andere E-Mail-Adresse. Mit dieser hier können Sie sich nicht mehr anmelden.',
  },
  'provider-linked': {
    subject: 'Anmeldung über einen anderen Anbieter hinzugefügt',
    line: 'Ein Konto bei einem anderen Anbieter wurde verknüpft. Damit kann man sich jetzt bei Ihrem Konto anmelden.',
  },
  'provider-unlinked': {
    subject: 'Anmeldung über einen anderen Anbieter entfernt',
    line: 'Mit einem Konto bei einem anderen Anbieter kann man sich nicht mehr bei Ihrem Konto anmelden.',
  },
};

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
      `Der Code gilt einmal und ${minutes(expiresInMinutes)} lang.`,
      neverShare,
      'Wenn Sie das nicht waren, geben Sie den Code nicht weiter und ändern Sie Ihr Passwort.',
    ],
  }),
  'sign-in-link': ({ link, expiresInMinutes, device }, brand) => ({
    subject: `Ihr Anmeldelink für ${brand}`,
    heading: 'Ihr Anmeldelink',
    before: [
      device
        ? `Jemand, hoffentlich Sie, meldet sich mit ${device} bei Ihrem Konto an. Öffnen Sie zum Fortfahren diesen Link im selben Browser:`
        : 'Jemand, hoffentlich Sie, meldet sich bei Ihrem Konto an. Öffnen Sie zum Fortfahren diesen Link im selben Browser:',
    ],
    link,
    linkLabel: 'Anmelden',
    after: [
      `Der Link gilt einmal, ${minutes(expiresInMinutes)} lang und nur in dem Browser, in dem die Anmeldung begann.`,
      'Wenn Sie das nicht waren, müssen Sie nichts tun; geben Sie den Link nicht weiter.',
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
      `Wenn Sie das nicht waren, ändern Sie jetzt Ihr Passwort: Öffnen Sie ${brand} auf dem gewohnten Weg und wählen Sie „Passwort vergessen?“.`,
    ],
  }),
  'address-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Bestätigen Sie Ihre neue Adresse für ${brand}`,
    heading: 'Bestätigen Sie Ihre neue Adresse',
    before: [
      `Jemand, hoffentlich Sie, möchte diese Adresse für ein Konto bei ${brand} verwenden. Geben Sie zur Bestätigung diesen Code ein:`,
    ],
    code,
    after: [
      `Der Code gilt einmal und ${minutes(expiresInMinutes)} lang. Bis dahin gilt die alte Adresse.`,
      neverShare,
      'Wenn Sie das nicht waren, tun Sie nichts: Ohne den Code ändert sich nichts.',
    ],
  }),
  'address-wanted': (_, brand) => ({
    subject: `Ihre Adresse und ein anderes Konto bei ${brand}`,
    heading: 'Ihre Adresse wurde keinem anderen Konto gegeben',
    before: [
      `Jemand wollte diese Adresse für ein anderes Konto bei ${brand} verwenden. Sie gehört schon zu Ihrem; es wurde nichts geändert.`,
    ],
    after: [
      'Wenn Sie das waren, haben Sie zwei Konten: Melden Sie sich beim anderen mit dieser Adresse an.',
      'Wenn Sie das nicht waren, müssen Sie nichts tun.',
    ],
  }),
  'account-changed': ({ what, device, at }, brand) => ({
    subject: `${accountChanges[what].subject} bei ${brand}`,
    heading: accountChanges[what].subject,
    before: [`${accountChanges[what].line} Gerät: ${device}, am ${momentIn('de-DE', at)}.`],
    after: [
      'Wenn Sie das waren, müssen Sie nichts tun.',
      `Wenn Sie das nicht waren, ändern Sie jetzt Ihr Passwort: Öffnen Sie ${brand} auf dem gewohnten Weg und wählen Sie „Passwort vergessen?“. Das beendet alle Sitzungen. Sehen Sie danach die Sicherheitseinstellungen Ihres Kontos durch.`,
    ],
  }),
  'password-reset': ({ code }, brand) => ({
    subject: `Neues Passwort für ${brand}`,
    heading: 'Neues Passwort festlegen',
    before: [
      'Jemand, hoffentlich Sie, möchte für Ihr Konto ein neues Passwort festlegen. Geben Sie dazu diesen Code ein:',
    ],
    code,
    after: [neverShare, 'Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.'],
  }),
  'recovery-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Code zur Wiederherstellung Ihres Kontos bei ${brand}`,
    heading: 'Konto wiederherstellen',
    before: [
      'Jemand, hoffentlich Sie, gibt an, alle Möglichkeiten verloren zu haben, eine Anmeldung bei Ihrem Konto zu bestätigen. Geben Sie diesen Code zusammen mit Ihrem Passwort ein, um fortzufahren:',
    ],
    code,
    after: [
      `Der Code gilt einmal und ${minutes(expiresInMinutes)} lang. Ohne Ihr Passwort nützt er niemandem.`,
      neverShare,
      'Wenn Sie das nicht waren, tun Sie nichts.',
    ],
  }),
  'recovery-requested': ({ readyAt, link }, brand) => ({
    subject: `Waren Sie das nicht? Stoppen Sie die Wiederherstellung Ihres Kontos bei ${brand}`,
    heading: 'Ihr Konto soll wiederhergestellt werden',
    before: [
      `Jemand, der Ihre E-Mails lesen kann und Ihr Passwort kennt, möchte alle weiteren Möglichkeiten entfernen, eine Anmeldung zu bestätigen: Passkeys, Authenticator-App, Telefon und Wiederherstellungscodes. Ab ${momentIn('de-DE', readyAt)} wird das möglich sein.`,
      'Wenn Sie das nicht waren, stoppen Sie es hier. Auch eine Anmeldung mit einer Ihrer anderen Methoden stoppt es:',
    ],
    link,
    linkLabel: 'Wiederherstellung stoppen',
    after: [
      'Ändern Sie danach Ihr Passwort und das Ihres Postfachs.',
      'Wenn Sie es waren, warten Sie bis dahin und kommen Sie wieder.',
    ],
  }),
  'recovery-cancelled': (_, brand) => ({
    subject: `Die Wiederherstellung Ihres Kontos bei ${brand} wurde gestoppt`,
    heading: 'Die Wiederherstellung wurde gestoppt',
    before: [
      'Die Wiederherstellung Ihres Kontos wurde gestoppt. Alle Ihre Möglichkeiten, eine Anmeldung zu bestätigen, bleiben erhalten.',
    ],
    after: [
      'Wenn Sie die Wiederherstellung nicht angefordert haben, ändern Sie Ihr Passwort und das Ihres Postfachs.',
    ],
  }),
  'recovery-completed': ({ at }, brand) => ({
    subject: `Ihr Konto bei ${brand} wurde wiederhergestellt`,
    heading: 'Ihr Konto wurde wiederhergestellt',
    before: [
      `Am ${momentIn('de-DE', at)} wurden alle Passkeys, Authenticator-Apps, Telefone und Wiederherstellungscodes von Ihrem Konto entfernt und alle Sitzungen beendet.`,
    ],
    after: [
      'Melden Sie sich mit Ihrem Passwort an und richten Sie eine neue Möglichkeit ein, Ihre Anmeldungen zu bestätigen.',
      'Wenn Sie das nicht waren, legen Sie sofort ein neues Passwort fest und wenden Sie sich an unseren Support.',
    ],
  }),
  'account-erased': ({ at }, brand) => ({
    subject: `Ihr Konto bei ${brand} wird gelöscht`,
    heading: 'Ihr Konto wird gelöscht',
    before: [
      `Sie haben das am ${momentIn('de-DE', at)} gewünscht. Sie sind überall abgemeldet, und niemand kann sich mehr anmelden.`,
      'In wenigen Minuten sind Ihr Profil, Ihre Geräte und Ihre Anmeldewege gelöscht. Nachweise, die wir aufbewahren müssen, etwa worin Sie eingewilligt haben, bleiben für begrenzte Zeit und ohne Ihren Namen.',
    ],
    after: ['Dies ist die letzte Nachricht an diese Adresse. Sie können jederzeit ein neues Konto eröffnen.'],
  }),
  'sessions-ended': ({ at }, brand) => ({
    subject: `Sie wurden bei ${brand} abgemeldet`,
    heading: 'Wir haben Sie abgemeldet',
    before: [
      `Vorsorglich haben wir am ${momentIn('de-DE', at)} Sitzungen Ihres Kontos beendet. Jemand anderes könnte sie in die Hände bekommen haben.`,
    ],
    after: [
      'Melden Sie sich wie gewohnt wieder an.',
      'Wenn Sie dasselbe Passwort noch anderswo verwenden, wählen Sie an beiden Stellen ein neues.',
    ],
  }),
};
