import { type AccountChange, type MailTexts, momentIn } from './texts.ts';

const neverShare = 'Nadie de nuestro equipo te pedirá nunca este código.';

const minutes = (count: number): string => (count === 1 ? 'un minuto' : `${count} minutos`);

const accountChanges: Readonly<Record<AccountChange, { readonly subject: string; readonly line: string }>> = {
  'passkey-added': {
    subject: 'Llave de acceso añadida',
    line: 'Se ha añadido una llave de acceso a tu cuenta.',
  },
  'passkey-removed': {
    subject: 'Llave de acceso eliminada',
    line: 'Se ha eliminado una llave de acceso de tu cuenta.',
  },
  'app-added': {
    subject: 'Aplicación de autenticación añadida',
    line: 'Se ha añadido una aplicación de autenticación a tu cuenta.',
  },
  'app-removed': {
    subject: 'Aplicación de autenticación eliminada',
    line: 'Se ha eliminado la aplicación de autenticación de tu cuenta.',
  },
  'phone-added': {
    subject: 'Número de teléfono añadido',
    line: 'Se ha añadido un número de teléfono a tu cuenta.',
  },
  'phone-removed': {
    subject: 'Número de teléfono eliminado',
    line: 'Se ha eliminado el número de teléfono de tu cuenta.',
  },
  'recovery-codes-replaced': {
    subject: 'Nuevos códigos de recuperación',
    line: 'Se han creado nuevos códigos de recuperación para tu cuenta. Los anteriores ya no sirven.',
  },
  'recovery-codes-removed': {
    subject: 'Códigos de recuperación eliminados',
    line: 'Se han eliminado los códigos de recuperación de tu cuenta.',
  },
  'password-changed': {
    subject: 'Contraseña cambiada',
    line: 'Se ha cambiado la contraseña de tu cuenta y se han cerrado todas las sesiones.',
  },
  'address-change-requested': {
    subject: 'Cambio de dirección solicitado',
    line: 'Alguien ha pedido pasar tu cuenta a otra dirección de correo. Esta sigue siendo válida hasta que se confirme la nueva.',
  },
  'address-changed': {
    subject: 'Dirección cambiada',
    line: 'Tu cuenta tiene ahora otra dirección de correo. Ya no puedes iniciar sesión con esta.',
  },
  'provider-linked': {
    subject: 'Inicio de sesión con otro servicio añadido',
    line: 'Se ha vinculado una cuenta de otro servicio, que ahora permite iniciar sesión en tu cuenta.',
  },
  'provider-unlinked': {
    subject: 'Inicio de sesión con otro servicio eliminado',
    line: 'Una cuenta de otro servicio ya no permite iniciar sesión en tu cuenta.',
  },
};

export const es: MailTexts = {
  confirmation: ({ code }, brand) => ({
    subject: `Confirma tu dirección para ${brand}`,
    heading: 'Confirma tu dirección',
    before: [
      `Alguien, seguramente tú, se ha registrado en ${brand} con esta dirección. Introduce este código para confirmarla:`,
    ],
    code,
    after: [neverShare, 'Si no has sido tú, no hagas nada: sin el código no se creará ninguna cuenta.'],
  }),
  'sign-in-code': ({ code, expiresInMinutes, device }, brand) => ({
    subject: `Tu código para iniciar sesión en ${brand}`,
    heading: 'Tu código de inicio de sesión',
    before: [
      device
        ? `Alguien está iniciando sesión en tu cuenta con la contraseña correcta, desde ${device}. Introduce este código para continuar:`
        : 'Alguien está iniciando sesión en tu cuenta con la contraseña correcta. Introduce este código para continuar:',
    ],
    code,
    after: [
      `El código sirve una sola vez y durante ${minutes(expiresInMinutes)}.`,
      neverShare,
      'Si no has sido tú, no compartas el código y cambia tu contraseña.',
    ],
  }),
  'sign-in-link': ({ link, expiresInMinutes, device }, brand) => ({
    subject: `Tu enlace para iniciar sesión en ${brand}`,
    heading: 'Tu enlace de inicio de sesión',
    before: [
      device
        ? `Alguien, seguramente tú, está iniciando sesión en tu cuenta desde ${device}. Abre este enlace en el mismo navegador para continuar:`
        : 'Alguien, seguramente tú, está iniciando sesión en tu cuenta. Abre este enlace en el mismo navegador para continuar:',
    ],
    link,
    linkLabel: 'Iniciar sesión',
    after: [
      `El enlace sirve una sola vez, durante ${minutes(expiresInMinutes)} y solo en el navegador en el que empezó el inicio de sesión.`,
      'Si no has sido tú, no tienes que hacer nada; no compartas el enlace.',
    ],
  }),
  'address-taken': (_, brand) => ({
    subject: `Un registro en ${brand} con tu dirección`,
    heading: 'Esta dirección ya está registrada',
    before: [
      `Alguien, quizá tú, ha intentado registrarse en ${brand} con esta dirección. Ya pertenece a una cuenta o a un registro sin terminar, así que no se ha cambiado nada.`,
    ],
    after: [
      'Si has sido tú: inicia sesión como siempre o pide una contraseña nueva si has olvidado la tuya. Si no has terminado el registro, continúa en el navegador en el que lo empezaste.',
      'Si no has sido tú, no tienes que hacer nada.',
    ],
  }),
  'new-device': ({ device, at }, brand) => ({
    subject: `Nuevo dispositivo en tu cuenta de ${brand}`,
    heading: 'Inicio de sesión desde un dispositivo nuevo',
    before: [
      `Tu cuenta se ha usado desde un dispositivo que no conocíamos: ${device}, el ${momentIn('es-ES', at)}.`,
    ],
    after: [
      'Si has sido tú, no tienes que hacer nada.',
      `Si no has sido tú, cambia tu contraseña ahora: abre ${brand} como lo haces siempre y elige «¿Olvidaste tu contraseña?».`,
    ],
  }),
  'address-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Confirma tu nueva dirección para ${brand}`,
    heading: 'Confirma tu nueva dirección',
    before: [
      `Alguien, seguramente tú, quiere usar esta dirección para una cuenta de ${brand}. Introduce este código para confirmarla:`,
    ],
    code,
    after: [
      `El código sirve una sola vez y durante ${minutes(expiresInMinutes)}. Hasta entonces sigue siendo válida la dirección anterior.`,
      neverShare,
      'Si no has sido tú, no hagas nada: sin el código no cambia nada.',
    ],
  }),
  'address-wanted': (_, brand) => ({
    subject: `Tu dirección y otra cuenta de ${brand}`,
    heading: 'Tu dirección no se ha asignado a otra cuenta',
    before: [
      `Alguien ha querido usar esta dirección para otra cuenta de ${brand}. Ya pertenece a la tuya, así que no se ha cambiado nada.`,
    ],
    after: [
      'Si has sido tú, tienes dos cuentas: inicia sesión en la otra con esta dirección.',
      'Si no has sido tú, no tienes que hacer nada.',
    ],
  }),
  'account-changed': ({ what, device, at }, brand) => ({
    subject: `${accountChanges[what].subject} en ${brand}`,
    heading: accountChanges[what].subject,
    before: [`${accountChanges[what].line} Dispositivo: ${device}, el ${momentIn('es-ES', at)}.`],
    after: [
      'Si has sido tú, no tienes que hacer nada.',
      `Si no has sido tú, cambia tu contraseña ahora: abre ${brand} como lo haces siempre y elige «¿Olvidaste tu contraseña?». Así se cierran todas las sesiones. Después, revisa la configuración de seguridad de tu cuenta.`,
    ],
  }),
  'password-reset': ({ code }, brand) => ({
    subject: `Nueva contraseña para ${brand}`,
    heading: 'Elige una contraseña nueva',
    before: [
      'Alguien, seguramente tú, quiere elegir una contraseña nueva para tu cuenta. Introduce este código para hacerlo:',
    ],
    code,
    after: [neverShare, 'Si no has sido tú, no hagas nada: tu contraseña sigue siendo la misma.'],
  }),
  'recovery-code': ({ code, expiresInMinutes }, brand) => ({
    subject: `Código para recuperar tu cuenta de ${brand}`,
    heading: 'Recupera tu cuenta',
    before: [
      'Alguien, seguramente tú, dice que ha perdido todas las formas de confirmar un inicio de sesión en tu cuenta. Introduce este código junto con tu contraseña para continuar:',
    ],
    code,
    after: [
      `El código sirve una sola vez y durante ${minutes(expiresInMinutes)}. Sin tu contraseña no le sirve a nadie.`,
      neverShare,
      'Si no has sido tú, no hagas nada.',
    ],
  }),
  'recovery-requested': ({ readyAt, link }, brand) => ({
    subject: `¿No has sido tú? Detén la recuperación de tu cuenta de ${brand}`,
    heading: 'Tu cuenta está a punto de recuperarse',
    before: [
      `Alguien que puede leer tu correo y conoce tu contraseña ha pedido eliminar todas las demás formas de confirmar un inicio de sesión: llaves de acceso, aplicación de autenticación, teléfono y códigos de recuperación. Será posible a partir del ${momentIn('es-ES', readyAt)}.`,
      'Si no has sido tú, detén la recuperación aquí. También se detiene si inicias sesión con otro de tus métodos:',
    ],
    link,
    linkLabel: 'Detener la recuperación',
    after: [
      'Después, cambia tu contraseña y la de tu correo.',
      'Si has sido tú, espera hasta entonces y vuelve.',
    ],
  }),
  'recovery-cancelled': (_, brand) => ({
    subject: `Se ha detenido la recuperación de tu cuenta de ${brand}`,
    heading: 'La recuperación se ha detenido',
    before: [
      'La recuperación de tu cuenta se ha detenido. Conservas todas tus formas de confirmar un inicio de sesión.',
    ],
    after: ['Si no pediste la recuperación, cambia tu contraseña y la de tu correo.'],
  }),
  'recovery-completed': ({ at }, brand) => ({
    subject: `Se ha recuperado tu cuenta de ${brand}`,
    heading: 'Tu cuenta se ha recuperado',
    before: [
      `El ${momentIn('es-ES', at)} se eliminaron de tu cuenta todas las llaves de acceso, aplicaciones de autenticación, teléfonos y códigos de recuperación, y se cerraron todas las sesiones.`,
    ],
    after: [
      'Inicia sesión con tu contraseña y configura una nueva forma de confirmar tus inicios de sesión.',
      'Si no has sido tú, elige una contraseña nueva de inmediato y pide ayuda a nuestro equipo de soporte.',
    ],
  }),
  'account-erased': ({ at }, brand) => ({
    subject: `Tu cuenta de ${brand} se está eliminando`,
    heading: 'Tu cuenta se está eliminando',
    before: [
      `Lo pediste el ${momentIn('es-ES', at)}. Hemos cerrado tu sesión en todas partes y ya nadie puede iniciar sesión.`,
      'En unos minutos habrán desaparecido tu perfil, tus dispositivos y tus formas de iniciar sesión. Las pruebas que debemos conservar, como lo que aceptaste, se guardan por tiempo limitado y sin tu nombre.',
    ],
    after: ['Este es el último mensaje a esta dirección. Puedes abrir una cuenta nueva cuando quieras.'],
  }),
  'sessions-ended': ({ at }, brand) => ({
    subject: `Se ha cerrado tu sesión en ${brand}`,
    heading: 'Hemos cerrado tu sesión',
    before: [
      `Por precaución, el ${momentIn('es-ES', at)} cerramos sesiones de tu cuenta. Es posible que otra persona se hubiera hecho con ellas.`,
    ],
    after: [
      'Vuelve a iniciar sesión como siempre.',
      'Si usas la misma contraseña en otro sitio, elige una nueva en ambos.',
    ],
  }),
};
