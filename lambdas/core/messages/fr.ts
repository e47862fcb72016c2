import { type AccountChange, type MailTexts, momentIn } from './texts.ts';

const neverShare = 'Aucun membre de notre équipe ne vous demandera jamais ce code.';

const minutes = (count: number): string => (count === 1 ? 'une minute' : `${count} minutes`);

const accountChanges: Readonly<Record<AccountChange, { readonly subject: string; readonly line: string }>> = {
  'passkey-added': {
    subject: 'Clé d’accès ajoutée',
    line: 'Une clé d’accès a été ajoutée à votre compte.',
  },
  'passkey-removed': {
    subject: 'Clé d’accès supprimée',
    line: 'Une clé d’accès a été supprimée de votre compte.',
  },
  'app-added': {
    subject: 'Application d’authentification ajoutée',
    line: 'Une application d’authentification a été ajoutée à votre compte.',
  },
  'app-removed': {
    subject: 'Application d’authentification supprimée',
    line: 'L’application d’authentification a été supprimée de votre compte.',
  },
  'phone-added': {
    subject: 'Numéro de téléphone ajouté',
    line: 'Un numéro de téléphone a été ajouté à votre compte.',
  },
  'phone-removed': {
    subject: 'Numéro de téléphone supprimé',
    line: 'Le numéro de téléphone a été supprimé de votre compte.',
  },
  'recovery-codes-replaced': {
    subject: 'Nouveaux codes de récupération',
    line: 'De nouveaux codes de récupération ont été créés pour votre compte. Les anciens ne sont plus valables.',
  },
  'recovery-codes-removed': {
    subject: 'Codes de récupération supprimés',
    line: 'Les codes de récupération de votre compte ont été supprimés.',
  },
  'password-changed': {
    subject: 'Mot de passe modifié',
    line: 'Le mot de passe de votre compte a été modifié et toutes les sessions ont été fermées.',
  },
  'address-change-requested': {
    subject: 'Changement d’adresse demandé',
    line: 'Quelqu’un a demandé à rattacher votre compte à une autre adresse e-mail. Celle-ci reste valable tant que la nouvelle n’est pas confirmée.',
  },
  'address-changed': {
    subject: 'Adresse modifiée',
    line: 'Votre compte a désormais une autre adresse e-mail. Vous ne pouvez plus vous connecter avec celle-ci.',
  },
  'provider-linked': {
    subject: 'Connexion par un autre service ajoutée',
    line: 'Un compte d’un autre service a été lié et permet désormais de se connecter à votre compte.',
  },
  'provider-unlinked': {
    subject: 'Connexion par un autre service supprimée',
    line: 'Un compte d’un autre service ne permet plus de se connecter à votre compte.',
  },
};

export const fr: MailTexts = {
  confirmation: ({ code }, brand) => ({
    subject: `Confirmez votre adresse pour ${brand}`,
    heading: 'Confirmez votre adresse',
    before: [
      `Quelqu’un, vous sans doute, s’est inscrit chez ${brand} avec cette adresse. Pour la confirmer, saisissez ce code :`,
    ],
    code,
    after: [neverShare, 'Si ce n’était pas vous, ne faites rien : sans ce code, aucun compte ne sera créé.'],
  }),
  'sign-in-code': ({ code, expiresInMinutes, device }, brand) => ({
    subject: `Votre code de connexion à ${brand}`,
    heading: 'Votre code de connexion',
    before: [
      device
        ? `Quelqu’un se connecte à votre compte avec le bon mot de passe, depuis ${device}. Pour continuer, saisissez ce code :`
        : 'Quelqu’un se connecte à votre compte avec le bon mot de passe. Pour continuer, saisissez ce code :',
    ],
    code,
    after: [
      `Ce code est valable une seule fois et pendant ${minutes(expiresInMinutes)}.`,
      neverShare,
      'Si ce n’était pas vous, ne transmettez pas ce code et changez votre mot de passe.',
    ],
  }),
  'sign-in-link': ({ link, expiresInMinutes, device }, brand) => ({
    subject: `Votre lien de connexion à ${brand}`,
    heading: 'Votre lien de connexion',
    before: [
      device
        ? `Quelqu’un, vous sans doute, se connecte à votre compte depuis ${device}. Pour continuer, ouvrez ce lien dans le même navigateur :`
        : 'Quelqu’un, vous sans doute, se connecte à votre compte. Pour continuer, ouvrez ce lien dans le même navigateur :',
    ],
    link,
    linkLabel: 'Se connecter',
    after: [
      `Ce lien est valable une seule fois, pendant ${minutes(expiresInMinutes)}, et uniquement dans le navigateur où la connexion a commencé.`,
      'Si ce n’était pas vous, vous n’avez rien à faire ; ne transmettez pas ce lien.',
    ],
  }),
  'address-taken': (_, brand) => ({
    subject: `Une inscription chez ${brand} avec votre adresse`,
    heading: 'Cette adresse est déjà inscrite',
    before: [
      `Quelqu’un, peut-être vous, a voulu s’inscrire chez ${brand} avec cette adresse. Elle appartient déjà à un compte ou à une inscription non terminée ; rien n’a été modifié.`,
    ],
    after: [
      'Si c’était vous : connectez-vous comme d’habitude, ou demandez un nouveau mot de passe si vous avez oublié le vôtre. Si votre inscription n’est pas terminée, poursuivez dans le navigateur où vous l’avez commencée.',
      'Si ce n’était pas vous, vous n’avez rien à faire.',
    ],
  }),
  'new-device': ({ device, at }, brand) => ({
    subject: `Nouvel appareil sur votre compte ${brand}`,
    heading: 'Connexion depuis un nouvel appareil',
    before: [
      `Votre compte a été utilisé depuis un appareil que nous ne connaissions pas : ${device}, le ${momentIn('fr-FR', at)}.`,
    ],
    after: [
      'Si c’était vous, vous n’avez rien à faire.',
      `Si ce n’était pas vous, changez votre mot de passe dès maintenant : ouvrez ${brand} comme vous en avez l’habitude et choisissez « Mot de passe oublié ? ».`,
    ],
  }),
  'address-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Confirmez votre nouvelle adresse pour ${brand}`,
    heading: 'Confirmez votre nouvelle adresse',
    before: [
      `Quelqu’un, vous sans doute, souhaite utiliser cette adresse pour un compte ${brand}. Pour la confirmer, saisissez ce code :`,
    ],
    code,
    after: [
      `Ce code est valable une seule fois et pendant ${minutes(expiresInMinutes)}. D’ici là, l’ancienne adresse reste valable.`,
      neverShare,
      'Si ce n’était pas vous, ne faites rien : sans ce code, rien ne change.',
    ],
  }),
  'address-wanted': (_, brand) => ({
    subject: `Votre adresse et un autre compte ${brand}`,
    heading: 'Votre adresse n’a pas été attribuée à un autre compte',
    before: [
      `Quelqu’un a voulu utiliser cette adresse pour un autre compte ${brand}. Elle appartient déjà au vôtre ; rien n’a été modifié.`,
    ],
    after: [
      'Si c’était vous, vous avez deux comptes : connectez-vous à l’autre avec cette adresse.',
      'Si ce n’était pas vous, vous n’avez rien à faire.',
    ],
  }),
  'account-changed': ({ what, device, at }, brand) => ({
    subject: `${accountChanges[what].subject} chez ${brand}`,
    heading: accountChanges[what].subject,
    before: [`${accountChanges[what].line} Appareil : ${device}, le ${momentIn('fr-FR', at)}.`],
    after: [
      'Si c’était vous, vous n’avez rien à faire.',
      `Si ce n’était pas vous, changez votre mot de passe dès maintenant : ouvrez ${brand} comme vous en avez l’habitude et choisissez « Mot de passe oublié ? ». Toutes les sessions seront fermées. Vérifiez ensuite les paramètres de sécurité de votre compte.`,
    ],
  }),
  'password-reset': ({ code }, brand) => ({
    subject: `Nouveau mot de passe pour ${brand}`,
    heading: 'Choisissez un nouveau mot de passe',
    before: [
      'Quelqu’un, vous sans doute, souhaite choisir un nouveau mot de passe pour votre compte. Pour cela, saisissez ce code :',
    ],
    code,
    after: [neverShare, 'Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.'],
  }),
  'recovery-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Code de récupération de votre compte ${brand}`,
    heading: 'Récupérez votre compte',
    before: [
      'Quelqu’un, vous sans doute, indique avoir perdu tous les moyens de confirmer une connexion à votre compte. Pour continuer, saisissez ce code avec votre mot de passe :',
    ],
    code,
    after: [
      `Ce code est valable une seule fois et pendant ${minutes(expiresInMinutes)}. Sans votre mot de passe, il ne sert à personne.`,
      neverShare,
      'Si ce n’était pas vous, ne faites rien.',
    ],
  }),
  'recovery-requested': ({ readyAt, link }, brand) => ({
    subject: `Ce n’était pas vous ? Arrêtez la récupération de votre compte ${brand}`,
    heading: 'Votre compte est sur le point d’être récupéré',
    before: [
      `Une personne qui peut lire vos e-mails et connaît votre mot de passe a demandé à supprimer tous les autres moyens de confirmer une connexion : clés d’accès, application d’authentification, téléphone et codes de récupération. Ce sera possible à partir du ${momentIn('fr-FR', readyAt)}.`,
      'Si ce n’était pas vous, arrêtez-la ici. Vous connecter avec l’un de vos autres moyens l’arrête aussi :',
    ],
    link,
    linkLabel: 'Arrêter la récupération',
    after: [
      'Changez ensuite votre mot de passe et celui de votre messagerie.',
      'Si c’était vous, attendez ce moment et revenez.',
    ],
  }),
  'recovery-cancelled': (_, brand) => ({
    subject: `La récupération de votre compte ${brand} a été arrêtée`,
    heading: 'La récupération a été arrêtée',
    before: [
      'La récupération de votre compte a été arrêtée. Tous vos moyens de confirmer une connexion restent en place.',
    ],
    after: [
      'Si vous n’avez pas demandé cette récupération, changez votre mot de passe et celui de votre messagerie.',
    ],
  }),
  'recovery-completed': ({ at }, brand) => ({
    subject: `Votre compte ${brand} a été récupéré`,
    heading: 'Votre compte a été récupéré',
    before: [
      `Le ${momentIn('fr-FR', at)}, toutes les clés d’accès, applications d’authentification, téléphones et codes de récupération ont été supprimés de votre compte, et toutes les sessions ont été fermées.`,
    ],
    after: [
      'Connectez-vous avec votre mot de passe et configurez un nouveau moyen de confirmer vos connexions.',
      'Si ce n’était pas vous, choisissez immédiatement un nouveau mot de passe et contactez notre assistance.',
    ],
  }),
  'account-erased': ({ at }, brand) => ({
    subject: `Votre compte ${brand} est en cours de suppression`,
    heading: 'Votre compte est en cours de suppression',
    before: [
      `Vous l’avez demandé le ${momentIn('fr-FR', at)}. Vous êtes déconnecté partout et plus personne ne peut se connecter.`,
      'Dans quelques minutes, votre profil, vos appareils et vos moyens de connexion auront disparu. Les preuves que nous devons conserver, par exemple vos consentements, restent pour une durée limitée et sans votre nom.',
    ],
    after: [
      'Ceci est le dernier message envoyé à cette adresse. Vous pouvez ouvrir un nouveau compte à tout moment.',
    ],
  }),
  'sessions-ended': ({ at }, brand) => ({
    subject: `Vous avez été déconnecté de ${brand}`,
    heading: 'Nous vous avons déconnecté',
    before: [
      `Par précaution, nous avons fermé des sessions de votre compte le ${momentIn('fr-FR', at)}. Quelqu’un d’autre a pu s’en emparer.`,
    ],
    after: [
      'Reconnectez-vous comme d’habitude.',
      'Si vous utilisez le même mot de passe ailleurs, choisissez-en un nouveau aux deux endroits.',
    ],
  }),
};
