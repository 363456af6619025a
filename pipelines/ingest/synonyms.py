"""Names under which the contract's tables, columns and words appear in the wild, as data for `vouch init`.

Names are compared without letter case, without accents, and without anything that is not a letter or a digit;
an umlaut stands as the bare vowel and, as many write it, with an e. The first name of a list is the most
telling. English comes first, then German, French, Spanish, Italian and Portuguese. Nothing but the drafting
of a dataset.toml guesses by these.
"""

from __future__ import annotations


def _names(*parts: str | tuple[str, ...]) -> tuple[str, ...]:
    """The words of texts, and of lists that several columns share."""
    return tuple(word for part in parts for word in (part.split() if isinstance(part, str) else part))


TABLE_NAMES: dict[str, tuple[str, ...]] = {
    "audience_members": _names(
        "audiencemembers audience members customers subscribers kunden mitglieder zielgruppe clients "
        "membres clientes miembros clienti membri membros",
    ),
    "accounts": _names(
        "accounts users profiles people actors nodes names konten nutzer profile comptes utilisateurs "
        "cuentas usuarios perfiles utenti profili contas perfis",
    ),
    "follows": _names(
        "follows followers followerlist followerliste followerexport following followings friends edges "
        "links abonnements seguidores seguidos seguaci",
    ),
    "posts": _names(
        "posts tweets statuses toots messages videos media beitrage beitraege publications publicaciones "
        "pubblicazioni publicacoes",
    ),
    "interactions": _names(
        "interactions engagements activity activities interaktionen interacciones interazioni interacoes",
    ),
    "snapshots": _names("snapshots history counts"),
    "brands": _names("brands companies marken marques marcas marchi"),
    "rates": _names(
        "rates prices ratecard preise honorare tarife prix tarifs precios tarifas prezzi tariffe precos",
    ),
    "labels": _names("labels truth judgements"),
    "outcomes": _names("outcomes campaigns results kampagnen ergebnisse campagnes campanas campanhas"),
}

# A file named after one kind of interaction holds nothing but that kind.
KIND_FILES: dict[str, tuple[str, ...]] = {
    "repost": _names("reposts retweets boosts reblogs shares"),
    "reply": _names(
        "replies comments antworten kommentare reponses commentaires respuestas comentarios risposte "
        "commenti respostas",
    ),
    "like": _names(
        "likes favourites favorites reactions gefalltmir gefaelltmir jaime megusta mipiace curtidas",
    ),
    "mention": _names("mentions erwahnungen erwaehnungen menciones menzioni mencoes"),
    "quote": _names("quotes quotetweets"),
}

KIND_WORDS: dict[str, tuple[str, ...]] = {
    "repost": _names("repost rt retweet retweeted boost reblog share"),
    "reply": _names("reply re repliedto comment"),
    "like": _names("like fav favourite favorite heart upvote"),
    "mention": _names("mention mt mentioned at"),
    "quote": _names("quote qt quoted quotetweet"),
}

FLAG_WORDS: dict[str, tuple[str, ...]] = {
    "true": _names("true yes y 1 on ja j wahr oui vrai si vero verdadero sim verdadeiro x"),
    "false": _names("false no n 0 off nein falsch non faux falso nao"),
}

# What an id is called inside an object that stands for a person or a post.
NESTED_IDS = _names("idstr id accountid userid pubkey did pk screenname username handle acct name")

# Columns of lists of people who are known by their handle on a platform.
HANDLE_COLUMNS = _names(
    "handle username screenname nutzername benutzername creator influencer kanal channel profil profile "
    "profileurl profillink instagram instagramhandle instagramname twitter twitterhandle tiktok tiktokhandle "
    "youtube mastodon bluesky threads socialhandle x xhandle"
)

LABEL_WORDS: dict[str, tuple[str, ...]] = {
    "genuine": _names("genuine real human 0 false"),
    "shill": _names("shill fake bot spam 1 true"),
}

_ACCOUNT = _names(
    "accountid userid userids idstr uid pubkey did kontoid nutzerid profilid profileid user account konto "
    "nutzer compte utilisateur cuenta "
    "usuario utente conta id",
)
_TIME = _names(
    "createdat created timestamp time date datetime ts when datum zeitpunkt zeit heure fecha hora data ora",
)
_LANGUAGE = _names("language lang sprache langue idioma lingua")
_CATEGORY = _names("category topic kategorie categorie categoria thema theme tema branche")

COLUMN_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {
        "account_id": _ACCOUNT,
        "handle": _names(
            "handle username screenname login acct nick nutzername benutzername nomdutilisateur pseudo "
            "nombredeusuario nomeutente nomedeusuario",
        ),
        "display_name": _names("displayname name fullname title anzeigename nom nombre nome"),
        "bio": _names(
            "bio description about summary note biography beschreibung biografie biographie biografia "
            "descripcion descrizione descricao",
        ),
        "platform": _names(
            "platform network service plattform netzwerk plateforme reseau plataforma piattaforma",
        ),
        "created_at": _names(
            "createdat joined joinedat registeredat accountcreated created createdon createddate "
            "creationdate joindate registered erstellt erstelltam registriert datecreation datedecreation "
            "fechacreacion fechadecreacion creado datacreazione creato datacriacao criado",
        ),
        "followers_count": _names(
            "followerscount followers nfollowers followercount follower abonnenten abonnes seguidores "
            "seguaci",
        ),
        "following_count": _names(
            "followingcount following friendscount followscount nfollowing folgt folgeich abonnements "
            "seguidos "
            "seguiti seguindo",
        ),
        "posts_count": _names(
            "postscount posts statusescount tweetcount mediacount nposts beitrage beitraege publications "
            "publicaciones pubblicazioni publicacoes",
        ),
        "has_avatar": _names(
            "hasavatar hasprofileimage haspicture avatar hasprofilepicture profilepicture profilbild "
            "hatprofilbild photodeprofil fotodeperfil fotoprofilo",
        ),
        "is_verified": _names("isverified verified verifiziert verifie verificado verificato"),
        "is_private": _names("isprivate private protected locked privat prive privado privato"),
        "language": _LANGUAGE,
        "country": _names("country countrycode land pays pais paese"),
        "category": _CATEGORY,
    },
    "follows": {
        "follower_id": _names(
            "followerid follower abonnent profil source from fromid src srcpubkey sourceid von vonid "
            "quelle abonne seguidor "
            "origen origine origem",
        ),
        "followee_id": _names(
            "followeeid followee following followed folgt abonniert target to toid dst dstpubkey targetid "
            "followingid followedid friendid an "
            "anid zu ziel suivi cible seguido destino seguito destinazione",
        ),
        "followed_at": _names("followedat since", _TIME),
        "unfollowed_at": _names("unfollowedat until endedat"),
    },
    "posts": {
        "post_id": _names(
            "postid tweetid statusid messageid idstr id uri beitragid idpost idpublication idpublicacion",
        ),
        "author_id": _names("authorid author", _ACCOUNT[:-1], "from verfasser autor auteur autore"),
        "posted_at": _names(
            "postedat publishedat", _TIME, "veroffentlicht veroeffentlicht publie publicado pubblicato"
        ),
        "text": _names(
            "text content body fulltext message caption inhalt nachricht texte contenu texto contenido "
            "mensaje testo messaggio conteudo mensagem",
        ),
        "language": _LANGUAGE,
        "reply_to_post_id": _names(
            "replytopostid inreplytoid inreplytostatusidstr inreplytostatusid replyto"
        ),
        "is_paid_label": _names(
            "ispaidlabel ispaidpartnership paidpartnership sponsored bezahlt werbung anzeige publicite "
            "sponsorise patrocinado sponsorizzato",
        ),
        "likes_count": _names(
            "likescount likes favoritecount favouritescount likecount gefalltmir gefaelltmir jaime megusta "
            "mipiace curtidas",
        ),
        "replies_count": _names(
            "repliescount replies replycount comments commentscount antworten kommentare reponses "
            "commentaires respuestas comentarios risposte commenti respostas",
        ),
        "reposts_count": _names(
            "repostscount reposts retweetcount reblogscount shares geteilt partages compartidos "
            "condivisioni compartilhamentos",
        ),
        "views_count": _names(
            "viewscount views impressions viewcount impressioncount aufrufe impressionen vues "
            "visualizaciones visualizzazioni visualizacoes",
        ),
    },
    "interactions": {
        "actor_id": _names(
            "actorid actor source from fromid src sourceid post postid",
            _ACCOUNT,
            "von vonid quelle origen origine origem",
        ),
        "target_id": _names(
            "targetid target to toid dst mentioned mentionedid mentioneduser mentioneduserid user userid "
            "an anid ziel cible destino "
            "destinazione",
        ),
        "kind": _names("kind type interaction action layer art typ aktion tipo accion azione acao"),
        "post_id": _names("postid post tweetid tweet statusid status"),
        "occurred_at": _names("occurredat", _TIME),
    },
    "audience_members": {
        "audience": _names(
            "audience segment list group zielgruppe gruppe liste publico grupo lista pubblico gruppo",
        ),
        "account_id": _names(
            "accountid memberid member",
            _ACCOUNT[1:],
            "mitglied kunde membre client miembro cliente membro",
        ),
        "weight": _names(
            "weight value score customervalue revenue umsatz gewicht wert poids valeur peso valor valore"
        ),
        "since": _names("since addedat customersince kundeseit", _TIME, "seit depuis desde"),
    },
    "brands": {
        "brand": _names("brand brandname company name marke marque marca marchio"),
        "account_id": _ACCOUNT,
        "keywords": _names(
            "keywords terms words stichworte schlagworte motscles palabrasclave parolechiave palavraschave",
        ),
        "category": _names("category industry", _CATEGORY[1:]),
        "competitor_of": _names("competitorof rivalof"),
    },
    "snapshots": {
        "account_id": _ACCOUNT,
        "observed_at": _names("observedat crawledat fetchedat", _TIME),
        "followers_count": _names("followerscount followers"),
        "following_count": _names("followingcount following friendscount"),
        "posts_count": _names("postscount posts statusescount"),
    },
    "rates": {
        "account_id": _ACCOUNT,
        "price": _names(
            "price rate fee cost amount preis honorar prix tarif precio tarifa prezzo tariffa preco",
        ),
        "currency": _names("currency wahrung waehrung devise moneda divisa valuta moeda"),
        "deliverable": _names("deliverable format type leistung prestation typ tipo"),
    },
    "labels": {
        "account_id": _ACCOUNT,
        "label": _names("label class verdict isbot isfake urteil etikett etiquette etiqueta etichetta"),
        "source": _names("source annotator by"),
    },
    "outcomes": {
        "account_id": _names("accountid partnerid creatorid", _ACCOUNT[1:]),
        "audience": _names("audience segment zielgruppe publico pubblico"),
        "campaign": _names("campaign campaignname kampagne campagne campana campagna campanha"),
        "started_at": _names("startedat start", _TIME, "beginn debut inicio inizio"),
        "spend": _names("spend cost budget ausgaben kosten depense cout gasto costo custo"),
        "conversions": _names(
            "conversions sales orders verkaufe verkaeufe bestellungen ventes ventas vendite vendas",
        ),
        "leads": _names("leads signups"),
    },
}
