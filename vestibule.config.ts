import { defineConfig } from './lib/config/define-config.ts';

/** A sample shop. Change it to yours: a wrong value fails the synth with its path. */
export default defineConfig({
  brand: { name: 'Linden & Lark', supportUrl: 'https://help.lindenlark.example' },
  // A second name on the same accounts; delete it, its client and brands/hearth where one is enough.
  brands: [
    {
      id: 'hearth',
      name: 'Hearth & Pine',
      supportUrl: 'https://help.lindenlark.example/hearth',
      colours: {
        light: { brand: '#8a3b12', 'on-brand': '#ffffff', background: '#faf5f0', line: '#eadfd5' },
        dark: { brand: '#f0a878', 'on-brand': '#2b1206', background: '#16110d', line: '#3d3129' },
      },
      typeface: 'serif',
      radius: 6,
      logo: {
        light: 'brands/hearth/logo-light.svg',
        dark: 'brands/hearth/logo-dark.svg',
        alt: 'Hearth & Pine',
      },
      mail: {
        signature: {
          en: 'Hearth & Pine, a house of Linden & Lark',
          de: 'Hearth & Pine, ein Haus von Linden & Lark',
          fr: 'Hearth & Pine, une maison de Linden & Lark',
          es: 'Hearth & Pine, una casa de Linden & Lark',
          ar: 'Hearth & Pine، إحدى علامات Linden & Lark',
        },
      },
      hosts: ['hearth.lindenlark.example'],
      clients: ['hearth'],
      links: {
        terms: 'https://lindenlark.example/hearth/terms',
        privacy: 'https://lindenlark.example/privacy',
      },
    },
  ],
  plan: 'essentials',
  languages: ['en', 'de', 'fr', 'es', 'ar'],
  mail: { from: 'account@mail.lindenlark.example', replyTo: 'help@lindenlark.example' },
  mailDomains: { deny: ['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com'] },
  password: { minLength: 15 },

  profile: {
    prompting: { perVisit: 2, coolDownHours: 24, skipDays: 30, maxSkips: 3 },
    fields: [
      {
        name: 'displayName',
        type: 'text',
        label: {
          en: 'How shall we call you?',
          de: 'Wie dürfen wir Sie nennen?',
          fr: 'Comment souhaitez-vous que nous vous appelions ?',
          es: '¿Cómo quieres que te llamemos?',
          ar: 'كيف تودّ أن نناديك؟',
        },
        maxLength: 60,
        purpose: 'terms',
        collect: 'registration',
        weight: 40,
      },
      {
        name: 'birthDate',
        type: 'date',
        label: {
          en: 'When is your birthday?',
          de: 'Wann haben Sie Geburtstag?',
          fr: 'Quelle est votre date de naissance ?',
          es: '¿Cuándo es tu cumpleaños?',
          ar: 'متى عيد ميلادك؟',
        },
        purpose: 'personalisation',
        collect: 'prompt',
        weight: 30,
      },
      {
        name: 'city',
        type: 'text',
        label: {
          en: 'Which city do you live in?',
          de: 'In welcher Stadt wohnen Sie?',
          fr: 'Dans quelle ville habitez-vous ?',
          es: '¿En qué ciudad vives?',
          ar: 'في أي مدينة تسكن؟',
        },
        maxLength: 80,
        purpose: 'personalisation',
        collect: 'prompt',
        weight: 50,
      },
      {
        name: 'favouriteCategory',
        type: 'choice',
        label: {
          en: 'What do you like most?',
          de: 'Was mögen Sie am liebsten?',
          fr: 'Qu’aimez-vous le plus ?',
          es: '¿Qué te gusta más?',
          ar: 'ما أكثر ما يعجبك؟',
        },
        options: ['garden', 'kitchen', 'books', 'outdoor'],
        optionLabels: {
          garden: { en: 'Garden', de: 'Garten', fr: 'Jardin', es: 'Jardín', ar: 'الحديقة' },
          kitchen: { en: 'Kitchen', de: 'Küche', fr: 'Cuisine', es: 'Cocina', ar: 'المطبخ' },
          books: { en: 'Books', de: 'Bücher', fr: 'Livres', es: 'Libros', ar: 'الكتب' },
          outdoor: { en: 'Outdoors', de: 'Draußen', fr: 'Plein air', es: 'Aire libre', ar: 'الهواء الطلق' },
        },
        purpose: 'personalisation',
        collect: 'prompt',
        weight: 80,
      },
      {
        name: 'householdSize',
        type: 'number',
        label: {
          en: 'How many people live in your household?',
          de: 'Wie viele Personen leben in Ihrem Haushalt?',
          fr: 'Combien de personnes vivent dans votre foyer ?',
          es: '¿Cuántas personas viven en tu casa?',
          ar: 'كم عدد أفراد أسرتك المقيمين معك؟',
        },
        min: 1,
        max: 20,
        purpose: 'analytics',
        collect: 'prompt',
        weight: 20,
      },
      {
        name: 'newsletterTopic',
        type: 'choice',
        label: {
          en: 'What should we write about?',
          de: 'Worüber sollen wir schreiben?',
          fr: 'De quoi souhaitez-vous que nous parlions ?',
          es: '¿Sobre qué quieres que te escribamos?',
          ar: 'عمّ تودّ أن نكتب إليك؟',
        },
        options: ['offers', 'guides', 'events'],
        optionLabels: {
          offers: { en: 'Offers', de: 'Angebote', fr: 'Offres', es: 'Ofertas', ar: 'العروض' },
          guides: {
            en: 'Guides and tips',
            de: 'Ratgeber und Tipps',
            fr: 'Guides et conseils',
            es: 'Guías y consejos',
            ar: 'أدلة ونصائح',
          },
          events: { en: 'Events', de: 'Veranstaltungen', fr: 'Événements', es: 'Eventos', ar: 'الفعاليات' },
        },
        purpose: 'newsletter',
        collect: 'prompt',
        weight: 60,
      },
      {
        name: 'giftWrapping',
        type: 'boolean',
        label: {
          en: 'Wrap my orders as gifts',
          de: 'Bestellungen als Geschenk verpacken',
          fr: 'Emballer mes commandes en paquet cadeau',
          es: 'Envolver mis pedidos para regalo',
          ar: 'تغليف طلباتي كهدايا',
        },
        purpose: 'terms',
        collect: 'profile',
        weight: 10,
      },
    ],
  },

  purposes: [
    {
      name: 'terms',
      label: {
        en: 'Terms of use',
        de: 'Nutzungsbedingungen',
        fr: 'Conditions d’utilisation',
        es: 'Condiciones de uso',
        ar: 'شروط الاستخدام',
      },
      basis: 'contract',
      requiredAtRegistration: true,
      versions: [
        {
          version: '2026-09',
          material: true,
          texts: {
            en: 'I accept the terms of use of Linden & Lark and have read the privacy notice.',
            de: 'Ich akzeptiere die Nutzungsbedingungen von Linden & Lark und habe die Datenschutzhinweise gelesen.',
            fr: 'J’accepte les conditions d’utilisation de Linden & Lark et j’ai lu la politique de confidentialité.',
            es: 'Acepto las condiciones de uso de Linden & Lark y he leído el aviso de privacidad.',
            ar: 'أوافق على شروط استخدام Linden & Lark وقد قرأت إشعار الخصوصية.',
          },
        },
      ],
    },
    {
      name: 'newsletter',
      label: { en: 'Newsletter', de: 'Newsletter', fr: 'Newsletter', es: 'Boletín', ar: 'النشرة الإخبارية' },
      basis: 'consent',
      requiredAtRegistration: false,
      versions: [
        {
          version: '2',
          material: true,
          texts: {
            en: 'Send me the newsletter by e-mail, at most twice a month, and measure which mails I open. I can stop it at any time.',
            de: 'Schicken Sie mir den Newsletter per E-Mail, höchstens zweimal im Monat, und messen Sie, welche Mails ich öffne. Ich kann ihn jederzeit abbestellen.',
            fr: 'Envoyez-moi la newsletter par e-mail, au plus deux fois par mois, et mesurez quels e-mails j’ouvre. Je peux me désabonner à tout moment.',
            es: 'Envíame el boletín por correo electrónico, como máximo dos veces al mes, y mide qué correos abro. Puedo darme de baja en cualquier momento.',
            ar: 'أرسلوا إليّ النشرة الإخبارية بالبريد الإلكتروني، مرتين في الشهر على الأكثر، وقيسوا الرسائل التي أفتحها. يمكنني إلغاء الاشتراك في أي وقت.',
          },
        },
        {
          version: '1',
          material: true,
          texts: {
            en: 'Send me the newsletter by e-mail. I can stop it at any time.',
            de: 'Schicken Sie mir den Newsletter per E-Mail. Ich kann ihn jederzeit abbestellen.',
            fr: 'Envoyez-moi la newsletter par e-mail. Je peux me désabonner à tout moment.',
            es: 'Envíame el boletín por correo electrónico. Puedo darme de baja en cualquier momento.',
            ar: 'أرسلوا إليّ النشرة الإخبارية بالبريد الإلكتروني. يمكنني إلغاء الاشتراك في أي وقت.',
          },
        },
      ],
    },
    {
      name: 'personalisation',
      label: {
        en: 'Personalisation',
        de: 'Personalisierung',
        fr: 'Personnalisation',
        es: 'Personalización',
        ar: 'التخصيص',
      },
      basis: 'consent',
      requiredAtRegistration: false,
      versions: [
        {
          version: '1',
          material: true,
          texts: {
            en: 'Use my answers and my orders to show me what fits me. I can withdraw this at any time.',
            de: 'Nutzen Sie meine Angaben und Bestellungen, um mir Passendes zu zeigen. Ich kann das jederzeit widerrufen.',
            fr: 'Utilisez mes réponses et mes commandes pour me montrer ce qui me correspond. Je peux retirer mon accord à tout moment.',
            es: 'Usa mis respuestas y mis pedidos para mostrarme lo que encaja conmigo. Puedo retirar mi consentimiento en cualquier momento.',
            ar: 'استخدموا إجاباتي وطلباتي لتعرضوا عليّ ما يناسبني. يمكنني سحب موافقتي في أي وقت.',
          },
        },
      ],
    },
    {
      name: 'analytics',
      label: { en: 'Statistics', de: 'Statistik', fr: 'Statistiques', es: 'Estadísticas', ar: 'الإحصاءات' },
      basis: 'consent',
      requiredAtRegistration: false,
      versions: [
        {
          version: '1',
          material: true,
          texts: {
            en: 'Use my answers in statistics that do not name me. I can withdraw this at any time.',
            de: 'Nutzen Sie meine Angaben in Statistiken, die mich nicht nennen. Ich kann das jederzeit widerrufen.',
            fr: 'Utilisez mes réponses dans des statistiques qui ne me nomment pas. Je peux retirer mon accord à tout moment.',
            es: 'Usa mis respuestas en estadísticas en las que no se me identifica. Puedo retirar mi consentimiento en cualquier momento.',
            ar: 'استخدموا إجاباتي في إحصاءات لا تذكر اسمي. يمكنني سحب موافقتي في أي وقت.',
          },
        },
      ],
    },
  ],

  tiers: ['standard', 'plus', 'gold'],

  apis: [
    { identifier: 'orders', scopes: [{ name: 'read', description: 'Read the orders of all customers' }] },
  ],

  clients: [
    {
      name: 'shop',
      door: 'managed-login',
      callbackUrls: {
        dev: ['http://localhost:3000/signed-in'],
        prod: ['https://lindenlark.example/signed-in'],
      },
      logoutUrls: { dev: ['http://localhost:3000/'], prod: ['https://lindenlark.example/'] },
      scopes: ['openid', 'email', 'profile', 'vestibule/profile.read'],
    },
    { name: 'reports', door: 'machine', scopes: ['orders/read'] },
    {
      name: 'hearth',
      door: 'managed-login',
      callbackUrls: {
        dev: ['http://localhost:3000/hearth/signed-in'],
        prod: ['https://hearth.lindenlark.example/signed-in'],
      },
      logoutUrls: {
        dev: ['http://localhost:3000/hearth/'],
        prod: ['https://hearth.lindenlark.example/'],
      },
      scopes: ['openid', 'email', 'profile', 'vestibule/profile.read'],
    },
  ],

  stages: {
    dev: {
      origins: ['http://localhost:3000', 'http://127.0.0.1:4400'],
      managedLogin: { domainPrefix: 'lindenlark-dev', methods: ['passkey', 'email-code'] },
      passkeys: { relyingPartyId: 'localhost' },
      // A pool of phone numbers of this account and Region; the local cloud takes any.
      sms: { originationIdentity: 'pool-0123456789abcdef', countries: ['DE', 'AT', 'CH', 'GB', 'US'] },
      data: 'disposable',
      archive: { lock: 'governance', lockDays: 1, deleteAfterDays: 30 },
    },
    prod: {
      region: 'eu-central-1',
      origins: [
        'https://lindenlark.example',
        'https://account.lindenlark.example',
        'https://hearth.lindenlark.example',
      ],
      portal: {
        domain: {
          name: 'account.lindenlark.example',
          certificateArn:
            'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000001',
        },
      },
      managedLogin: {
        customDomain: {
          name: 'login.lindenlark.example',
          certificateArn:
            'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000',
        },
        methods: ['passkey', 'email-code'],
      },
      passkeys: { relyingPartyId: 'lindenlark.example' },
      data: 'retain',
      archive: { lock: 'compliance', lockDays: 365, deleteAfterDays: 1095 },
      botControl: 'common',
    },
  },
});
