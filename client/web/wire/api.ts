// Made by `python -m serve.webtypes`; do not edit.

export interface paths {
    "/v1/currencies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Currencies and their minor units */
        get: operations["money_currencies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My address, and whether it is verified */
        get: operations["account_email"];
        put?: never;
        /** Mail a token to what is to be my address */
        post: operations["account_claim_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/email/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The token of that mail */
        post: operations["account_verify_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/guest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Play without an account */
        post: operations["guest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My hands, newest first */
        get: operations["hands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hands/{table}/{hand}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of my hands, with its proofs */
        get: operations["hand"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hands/{table}/{hand}/{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of my hands for other programs: phh or pokerstars */
        get: operations["hand_text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hands/{table}/{hand}/share": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A link to one of my hands, as I saw it */
        post: operations["history_share"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/host/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My private tables */
        get: operations["host_tables"];
        put?: never;
        /** Open a private table */
        post: operations["host_open_table"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/host/tables/{table}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close mine: every stake goes home after the hand */
        post: operations["host_close_table"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/host/tables/{table}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another code; the one before lets nobody in any more */
        post: operations["host_renew_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/host/tables/{table}/kick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a player away from mine, after the hand */
        post: operations["host_put_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Other sites that sign me in */
        get: operations["identity_identities"];
        put?: never;
        /** Add it */
        post: operations["identity_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/identities/{identity}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It signs nobody in any more */
        post: operations["identity_unlink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/identities/{provider}/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where to send the browser to add one */
        post: operations["identity_begin_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in as an operator has sent you */
        post: operations["enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with what it came back with */
        post: operations["identity_enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/oidc/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The code, after code_needed */
        post: operations["identity_enter_with_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in by a passkey: no password, no code */
        post: operations["door_enter_by_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a browser is asked to sign in with */
        post: operations["door_ask_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logout-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all my sessions, this one too */
        post: operations["player_logout_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sites to sign in by */
        get: operations["identity_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oidc/{provider}/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where to send the browser to sign in */
        post: operations["identity_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Propose to put a wallet right */
        post: operations["money_adjust"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What operators did, newest first */
        get: operations["audit_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/concurrency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The floor over the last hour; since for less */
        get: operations["desk_concurrency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Empty an actor or a node */
        post: operations["drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Signals of collusion and bots */
        get: operations["signal_findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/findings/{finding}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm or dismiss one */
        post: operations["signal_decide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/findings/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look through the record now */
        post: operations["signal_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/hands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Hands at a table, of a player, in a time */
        get: operations["operator_hands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/hands/{table}/{hand}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A hand with every card */
        get: operations["operator_hand"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/hands/{table}/{hand}/{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A hand with every card for other programs */
        get: operations["operator_hand_text"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the parts of the system are */
        get: operations["desk_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/interrupted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Interrupted hands, and chips at tables */
        get: operations["desk_interrupted"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/launch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a player: signed by the operator's key */
        post: operations["launch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proposals that wait, or with all=1 every act */
        get: operations["money_operations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/operations/{operation}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A second operator's yes */
        post: operations["money_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/operations/{operation}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A no */
        post: operations["money_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Payments that wait for a decision */
        get: operations["money_pending"];
        put?: never;
        /** Post or void one */
        post: operations["money_decide_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Players whose names begin with name */
        get: operations["player_players"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One player, and where he sits */
        get: operations["desk_player"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}/ban": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Nobody signs in as him; his lines are closed at once */
        put: operations["player_ban"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}/exclusion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exclude a player */
        post: operations["money_operator_exclude"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A player's limits */
        get: operations["money_operator_limits"];
        /** Limit a player */
        put: operations["money_operator_set_limit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}/money": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A player's chips, and what was done to them */
        get: operations["desk_player_money"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}/rescue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Propose to give a lost account back */
        post: operations["rescue_propose_rescue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a player is signed in */
        get: operations["player_operator_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/players/{player}/unban": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** He may sign in again */
        post: operations["player_lift_ban"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/promotions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give promotional chips */
        post: operations["money_promote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/reports/{report}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The books: journal, trial-balance, liability, revenue, funds-in-play, interrupted; format=csv for a file */
        get: operations["report_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/rescues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts to be given back, that wait */
        get: operations["rescue_rescues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/rescues/{rescue}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A second yes: sessions end, a token is mailed */
        post: operations["rescue_approve_rescue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/rescues/{rescue}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A no */
        post: operations["rescue_reject_rescue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/revenue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the house has had over the last hour */
        get: operations["desk_revenue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/reversals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Propose to take a transfer back */
        post: operations["money_reverse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has which role */
        get: operations["role_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/roles/grant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a player a role */
        post: operations["role_grant_role"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/roles/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take it: in force at his next act */
        post: operations["role_revoke_role"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every table, and where it is */
        get: operations["operator_tables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close for good; stakes go home */
        post: operations["close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/kick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a player away from a table: he stands up, and stays away so long */
        post: operations["player_kick"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** To another actor, at the end of the hand */
        post: operations["move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a closed table again */
        post: operations["reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop the clocks */
        post: operations["pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back the hand in play */
        post: operations["void"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/tables/{table}/void-proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask a second operator to void the hand in play */
        post: operations["proposal_propose_void"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/void-proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Voids that two people agree on, newest first */
        get: operations["proposal_proposals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/void-proposals/{proposal}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A second operator's yes: the hand is void */
        post: operations["proposal_approve_void"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operator/void-proposals/{proposal}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A no */
        post: operations["proposal_reject_void"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My passkeys */
        get: operations["door_passkeys"];
        put?: never;
        /** Add the passkey that it made */
        post: operations["door_add_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys/{passkey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Call it something else */
        put: operations["door_rename_passkey"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys/{passkey}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It signs nobody in any more */
        post: operations["door_remove_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a browser is asked to make a passkey with */
        post: operations["door_new_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another password; my other sessions end */
        post: operations["account_change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mail a token, if somebody has this address */
        post: operations["account_forgot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a password by the token; all sessions end */
        post: operations["account_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show my password again, after proof_needed */
        post: operations["account_prove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prove/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show that I signed in there again */
        post: operations["identity_prove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prove/oidc/{provider}/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where to send the browser to prove */
        post: operations["identity_begin_proof"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prove/oidc/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The code, after code_needed */
        post: operations["identity_prove_with_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prove/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show my passkey, after proof_needed */
        post: operations["door_prove_by_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prove/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a browser is asked to prove with */
        post: operations["door_ask_proof"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quick-seat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A ticket to the liveliest table within reach */
        post: operations["quick_seat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Trade a refresh token for a new pair */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I may do */
        get: operations["desk_rights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether I have a second factor */
        get: operations["account_factor"];
        put?: never;
        /** A secret for an authenticator, not in force yet */
        post: operations["account_enrol"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** In force from now on; the recovery codes */
        post: operations["account_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/second-factor/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** No second factor any more */
        post: operations["account_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where I am signed in */
        get: operations["player_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out there */
        post: operations["player_revoke_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shared": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The hand that a link shows */
        post: operations["history_shared"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My links that work */
        get: operations["history_shares"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shares/{share}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A link works no more */
        post: operations["history_end_share"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sittings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My sittings, newest first; after names one */
        get: operations["history_sittings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sittings/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One sitting with its stack over time */
        get: operations["history_sitting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lobby */
        get: operations["lobby"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tables/{table}/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A ticket to a table's socket */
        post: operations["ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** From guest to player: same chips, same seats */
        post: operations["account_upgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Chips in the wallet and at tables */
        get: operations["wallet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Today's play chips */
        post: operations["daily"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/deposits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring money in */
        post: operations["money_deposit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/exclusion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** No deposits and no play for a time, or for ever */
        post: operations["money_exclude"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My limits, what they leave, and exclusions */
        get: operations["money_limits"];
        /** Set a limit: tighter at once, looser after 24 hours */
        put: operations["money_set_limit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My deposits and withdrawals, newest first */
        get: operations["money_payments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/stakes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where I have chips in play */
        get: operations["stakes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every change of my chips, newest first */
        get: operations["statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as server-sent events, as it changes */
        get: operations["wallet_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take money out */
        post: operations["money_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AdjustmentRequest
         * @description Propose to put a wallet right, by ``amount`` up or, below zero, down.
         */
        AdjustmentRequest: {
            amount: number;
            by: components["schemas"]["Operator"];
            /** @default PLAY */
            currency?: string;
            player: string;
            reason: string;
            ref: string;
        };
        /**
         * ArrivedRequest
         * @description The flow that was kept, and what came back.
         */
        ArrivedRequest: {
            code: string;
            flow: string;
            state: string;
        };
        /** Assertion */
        Assertion: {
            authenticatorData: string;
            clientDataJSON: string;
            signature: string;
            /** @default null */
            userHandle?: string | null;
        };
        /** Attestation */
        Attestation: {
            attestationObject: string;
            clientDataJSON: string;
        };
        /**
         * AuditLine
         * @description An operator's act. ``who`` is the name of an account, or ``machine:NAME``; ``asked``,
         *         ``answer``, ``before`` and ``after`` are JSON; ``outcome`` is done, or the code of the refusal,
         *         and null for an act whose process died over it.
         */
        AuditLine: {
            act: string;
            address: string;
            /** @default null */
            after?: string | null;
            answer: string | null;
            asked: string;
            at: string;
            /** @default null */
            before?: string | null;
            number: number;
            outcome: string | null;
            who: string;
        };
        /**
         * AuditResponse
         * @description ``next`` is the ``before`` of the next page.
         */
        AuditResponse: {
            lines: components["schemas"]["AuditLine"][];
            next: number | null;
        };
        /**
         * BanInfo
         * @description ``until`` is None for ever.
         */
        BanInfo: {
            reason: string;
            until: string | null;
        };
        /**
         * BanRequest
         * @description Until an instant with its zone, or for ever.
         */
        BanRequest: {
            by: components["schemas"]["Operator"];
            reason: string;
            /** @default null */
            until?: string | null;
        };
        /**
         * BanResponse
         * @description What was, and what is; None is no ban.
         */
        BanResponse: {
            after: components["schemas"]["BanInfo"] | null;
            before: components["schemas"]["BanInfo"] | null;
        };
        /**
         * BeginRequest
         * @description ``name`` of the account that is made if nobody has the identity; without, none is made.
         */
        BeginRequest: {
            /** @default  */
            name?: string;
        };
        /**
         * ConcurrencyResponse
         * @description The last hour or what there is of it, oldest first, one sample every ``every_s``.
         */
        ConcurrencyResponse: {
            every_s: number;
            samples: components["schemas"]["FloorSample"][];
        };
        /** Credentials */
        Credentials: {
            name: string;
            password: string;
        };
        /** CurrenciesResponse */
        CurrenciesResponse: {
            currencies: components["schemas"]["CurrencyInfo"][];
        };
        /**
         * CurrencyInfo
         * @description ``exponent`` is how many digits the minor unit is away: 2 for cents.
         */
        CurrencyInfo: {
            code: string;
            exponent: number;
        };
        /**
         * DailyGrantResponse
         * @description ``granted`` is 0 when today's chips have been handed out already.
         */
        DailyGrantResponse: {
            granted: number;
            wallet: components["schemas"]["WalletResponse"];
        };
        /**
         * DecisionRequest
         * @description ``by`` is the operator who decides: of an approval not the one who proposed.
         */
        DecisionRequest: {
            by: components["schemas"]["Operator"];
            /** @default  */
            remark?: string;
        };
        /** DeskHealth */
        DeskHealth: {
            at: string;
            links: components["schemas"]["DeskLink"][];
            parts: components["schemas"]["PartHealth"][];
        };
        /**
         * DeskLink
         * @description Another tool of the operator's, by the settings.
         */
        DeskLink: {
            name: string;
            url: string;
        };
        /**
         * DrainRequest
         * @description ``target`` is the name of an actor, or the id or address of a node.
         */
        DrainRequest: {
            by: components["schemas"]["Operator"];
            /** @default 120 */
            grace_s?: number;
            /** @default  */
            reason?: string;
            target: string;
        };
        /**
         * EmailRequest
         * @description It counts once the token that is mailed there has come back; what was before, until then.
         */
        EmailRequest: {
            /** @default  */
            code?: string;
            email: string;
            password: string;
        };
        /**
         * EmailResponse
         * @description None without one.
         */
        EmailResponse: {
            email: string | null;
            verified: boolean;
        };
        /** EnrolRequest */
        EnrolRequest: {
            password: string;
        };
        /**
         * EnrolResponse
         * @description For an authenticator: ``secret`` in base32, or ``uri`` as a QR code.
         */
        EnrolResponse: {
            secret: string;
            uri: string;
        };
        /** EnterRequest */
        EnterRequest: {
            launch: string;
        };
        /**
         * ErrorBody
         * @description What went wrong: a stable code, one sentence, and when to try again if that helps. ``limit``
         *         says more of ``limit_reached``; with ``continuation`` the code that ``code_needed`` asks for is
         *         sent, after signing in at another site.
         */
        ErrorBody: {
            code: string;
            /** @default  */
            continuation?: string;
            /** @default null */
            limit?: components["schemas"]["LimitReached"] | null;
            message: string;
            /** @default 0 */
            retry_after_s?: number;
        };
        /**
         * ErrorResponse
         * @description The one shape of every error.
         */
        ErrorResponse: {
            error: components["schemas"]["ErrorBody"];
        };
        /**
         * ExclusionRequest
         * @description A cooling-off of up to 42 days, or a self-exclusion of 180 days or more; without ``days``
         *         for ever. Nobody can shorten it.
         */
        ExclusionRequest: {
            /** @default null */
            days?: number | null;
            /** @enum {unknown} */
            kind: "cooling_off" | "self_exclusion";
        };
        /**
         * FactorResponse
         * @description Whether a second factor is in force, and how many recovery codes are left.
         */
        FactorResponse: {
            on: boolean;
            recovery_codes: number;
        };
        /**
         * FindingDecision
         * @description It bans nobody: that is another act.
         */
        FindingDecision: {
            by: components["schemas"]["Operator"];
            confirmed: boolean;
            remark: string;
        };
        /**
         * FindingInfo
         * @description A signal of collusion or of a bot: ``score`` is 0 to 100, ``evidence`` what made it.
         */
        FindingInfo: {
            /** @default null */
            decided_by?: string | null;
            evidence: Record<string, never>;
            found_at: string;
            id: number;
            kind: string;
            players: string[];
            /** @default null */
            remark?: string | null;
            score: number;
            since: string;
            state: string;
            until: string;
        };
        /**
         * FindingsResponse
         * @description Newest first; ``next`` is the ``before`` of the next page, None at the end.
         */
        FindingsResponse: {
            findings: components["schemas"]["FindingInfo"][];
            next: number | null;
        };
        /**
         * FloorSample
         * @description The floor at one instant. ``hands`` counts those that ended since the floor was started,
         *         at tables that are open now; ``lag_ms`` is of the latest event loop.
         */
        FloorSample: {
            at: string;
            bots: number;
            hands: number;
            lag_ms: number;
            players: number;
            playing: number;
            tables: number;
        };
        /**
         * ForgotRequest
         * @description The answer is the same whether anybody has this address or not.
         */
        ForgotRequest: {
            email: string;
        };
        /**
         * FundsInPlay
         * @description Chips in escrow at a table; ``served`` if somebody has its lease now.
         */
        FundsInPlay: {
            chips: number;
            currency: string;
            served: boolean;
            stakes: number;
            table: string;
        };
        /**
         * HandProof
         * @description A hand as far as its viewer may prove it; cards are numbers, bytes are base64 in JSON.
         *
         *         ``order`` are the seats in the order of the deal. ``entropy`` is the viewer's own text and
         *         ``announced`` the commitment that he was told before the hand, if he kept them; ``seed`` is set
         *         where he has a right to it.
         */
        HandProof: {
            /** @default null */
            announced?: string | null;
            /** @default [] */
            board?: number[];
            /** @default [] */
            board_openings?: components["schemas"]["Opening"][];
            commitment: string;
            entropies: [
                number,
                string
            ][];
            /** @default null */
            entropy?: string | null;
            hand: number;
            /** @default [] */
            holes?: components["schemas"]["Hole"][];
            order: number[];
            root: string;
            /** @default 1 */
            scheme?: number;
            /** @default -1 */
            seat?: number;
            /** @default null */
            seed?: string | null;
            table: string;
        };
        /**
         * HandRecord
         * @description A finished hand as the asking player saw it: others' cards only if they were shown.
         *
         *         ``players`` are (seat, name), ``events`` the table's events of that hand, ``times`` the ms of
         *         the table's clock from the deal to each of them. ``voided`` is why the hand does not count, else
         *         ``settlement`` is the key of its transfer in the ledger. ``digest`` is the hash of the whole
         *         record as stored. ``proof`` is for ``squaredeal verify``. ``net`` is what ``seat`` won or (below
         *         zero) lost, None without a result or a seat; ``pot`` is all pots together.
         */
        HandRecord: {
            /** @default  */
            digest?: string;
            ended: string;
            /** @default 0 */
            epoch?: number;
            events: unknown;
            hand: number;
            /** @default null */
            net?: number | null;
            /** @default [] */
            platform?: components["schemas"]["PlatformDecision"][];
            players: [
                number,
                string
            ][];
            /** @default 0 */
            pot?: number;
            /** @default null */
            proof?: components["schemas"]["HandProof"] | null;
            /** @default null */
            rules?: components["schemas"]["HandRules"] | null;
            seat: number;
            /** @default null */
            settlement?: string | null;
            table: string;
            /** @default [] */
            times?: number[];
            /** @default null */
            voided?: string | null;
        };
        /**
         * HandRules
         * @description The game of a hand as it was: forced bets in minor units, the rake and its version.
         *         ``currency`` is that of all amounts of the record; empty in one of before it was kept.
         */
        HandRules: {
            ante: number;
            big_blind: number;
            /** @default  */
            currency?: string;
            game: string;
            no_flop_no_drop: boolean;
            rake_bp: number;
            rake_caps: [
                number,
                number
            ][];
            rake_version: string;
            seats: number;
            small_blind: number;
            straddle: boolean;
        };
        /**
         * HandsResponse
         * @description Newest first; ``next`` is the ``before`` of the next page, None at the end.
         */
        HandsResponse: {
            hands: components["schemas"]["HandRecord"][];
            next: number | null;
        };
        /**
         * HandTextResponse
         * @description A hand in a format of other programs: phh or pokerstars.
         */
        HandTextResponse: {
            format: string;
            text: string;
        };
        /**
         * Hole
         * @description The hole cards of a seat that the viewer was shown.
         */
        Hole: {
            cards: number[];
            openings: components["schemas"]["Opening"][];
            seat: number;
        };
        /**
         * IdentitiesResponse
         * @description Oldest first.
         */
        IdentitiesResponse: {
            identities: components["schemas"]["IdentityInfo"][];
        };
        /**
         * IdentityInfo
         * @description ``used``: when it signed in last.
         */
        IdentityInfo: {
            added: string;
            id: string;
            provider: string;
            /** @default null */
            used?: string | null;
        };
        /**
         * InterruptedHandInfo
         * @description Dealt, and neither settled nor voided, at a table that nobody serves now.
         */
        InterruptedHandInfo: {
            dealt: string;
            epoch: number;
            hand: number;
            table: string;
        };
        /** InterruptedResponse */
        InterruptedResponse: {
            as_of: string;
            funds: components["schemas"]["FundsInPlay"][];
            hands: components["schemas"]["InterruptedHandInfo"][];
        };
        /**
         * KickRequest
         * @description ``player`` stands up (a hand that he is in is folded), and stays away for so many minutes.
         */
        KickRequest: {
            by: components["schemas"]["Operator"];
            minutes: number;
            player: string;
            reason: string;
        };
        /**
         * LaunchRequest
         * @description An operator sends his player to ``site``: who he is at the operator's, and the token of his
         *         session there.
         */
        LaunchRequest: {
            currency: string;
            player: string;
            /** Format: uuid */
            request_uuid: string;
            site: string;
            token: string;
        };
        /**
         * LaunchResponse
         * @description ``launch`` signs the player in, once, for ``expires_in_s``; ``player`` is his id here.
         */
        LaunchResponse: {
            expires_in_s: number;
            launch: string;
            player: string;
        };
        /** LiftRequest */
        LiftRequest: {
            by: components["schemas"]["Operator"];
            reason: string;
        };
        /**
         * LimitInfo
         * @description ``amount`` is in force (None: no limit); with ``next_at``, ``next_amount`` is from then on.
         *         ``by`` is player or operator: both count, the strictest wins.
         */
        LimitInfo: {
            amount: number | null;
            by: string;
            currency: string;
            kind: string;
            /** @default null */
            next_amount?: number | null;
            /** @default null */
            next_at?: string | null;
            span: string;
        };
        /**
         * LimitName
         * @description What a player may run into: his exclusion, his time, or one of the limits of his money.
         * @enum {unknown}
         */
        LimitName: "buy_in_day" | "buy_in_month" | "buy_in_week" | "cooling_off" | "deposit_day" | "deposit_month" | "deposit_week" | "loss_day" | "loss_month" | "loss_week" | "self_exclusion" | "session";
        /**
         * LimitReached
         * @description Which of the player's limits forbids it, what it leaves in minor units, and when it ends:
         *         never, if that is none.
         */
        LimitReached: {
            left: number;
            limit: components["schemas"]["LimitName"];
            until: string | null;
        };
        /**
         * LimitRequest
         * @description ``amount`` None takes the limit away. ``currency`` does not matter to session time.
         */
        LimitRequest: {
            amount: number | null;
            /** @default PLAY */
            currency?: string;
            /** @enum {unknown} */
            kind: "buy_in" | "deposit" | "loss" | "session";
            /** @enum {unknown} */
            span: "day" | "month" | "session" | "week";
        };
        /**
         * LimitsResponse
         * @description ``rooms`` are those of the asked currency. ``excluded`` is an exclusion in force; it has no
         *         end without ``excluded_until``. ``play_until`` ends the present session of play. ``counts``
         *         says from when a limit that was just set counts.
         */
        LimitsResponse: {
            /** @default null */
            counts?: ("at_once" | "later" | "same") | null;
            /** @default null */
            excluded?: ("cooling_off" | "self_exclusion") | null;
            /** @default null */
            excluded_until?: string | null;
            limits: components["schemas"]["LimitInfo"][];
            /** @default null */
            play_until?: string | null;
            rooms: components["schemas"]["RoomInfo"][];
        };
        /**
         * LobbyResponse
         * @description ``stale`` is set while the live listing can't be read.
         */
        LobbyResponse: {
            /** @default false */
            stale?: boolean;
            tables: components["schemas"]["TableListing"][];
        };
        /**
         * LoginRequest
         * @description ``code`` where there is a second factor: of the authenticator, or a recovery code.
         */
        LoginRequest: {
            /** @default  */
            code?: string;
            name: string;
            password: string;
        };
        /**
         * LookRequest
         * @description Look through the record now.
         */
        LookRequest: {
            by: components["schemas"]["Operator"];
        };
        /** LookResponse */
        LookResponse: {
            found: number;
            hands: number;
        };
        /** MailTokenRequest */
        MailTokenRequest: {
            token: string;
        };
        /**
         * NewCredential
         * @description What ``navigator.credentials.create`` gave.
         */
        NewCredential: {
            id: string;
            rawId: string;
            response: components["schemas"]["Attestation"];
            type: string;
        };
        /**
         * NewPasskey
         * @description ``name`` is for its owner alone: "phone".
         */
        NewPasskey: {
            credential: components["schemas"]["NewCredential"];
            name: string;
        };
        /**
         * Opening
         * @description Proves one card: its place in the deck, its salt, and the six hashes from its leaf up to the
         *         root, the lowest first, one after the other.
         */
        Opening: [
            number,
            string,
            string
        ];
        /**
         * OperationAnswer
         * @description ``code`` is proposed, applied, rejected, or duplicate for what was asked before.
         */
        OperationAnswer: {
            code: string;
            id: number;
        };
        /**
         * OperationInfo
         * @description ``amount`` is what the player's wallet gets, below zero what it gives. ``state`` is
         *         proposed, applied, rejected or refused, which ``result`` explains.
         */
        OperationInfo: {
            amount: number;
            currency: string;
            decided_at: string | null;
            decided_by: string | null;
            id: number;
            kind: string;
            player: string;
            proposed_at: string;
            proposer: string;
            reason: string;
            remark: string;
            result: string | null;
            reverses: string | null;
            state: string;
        };
        /**
         * OperationsResponse
         * @description Newest first; ``next`` is the ``before`` of the next page, None at the end.
         */
        OperationsResponse: {
            next: number | null;
            operations: components["schemas"]["OperationInfo"][];
        };
        /**
         * Operator
         * @description Who acts, and who else has agreed to it. Two names that look the same are one: no character
         *         is invisible, or another way to write a plain one.
         */
        Operator: {
            /** @default null */
            approver?: string | null;
            name: string;
        };
        /** OperatorExclusionRequest */
        OperatorExclusionRequest: {
            by: components["schemas"]["Operator"];
            /** @default null */
            days?: number | null;
            /** @enum {unknown} */
            kind: "cooling_off" | "self_exclusion";
            reason: string;
        };
        /**
         * OperatorLimitRequest
         * @description A limit that the operator sets, beside the player's own.
         */
        OperatorLimitRequest: {
            amount: number | null;
            by: components["schemas"]["Operator"];
            /** @default PLAY */
            currency?: string;
            /** @enum {unknown} */
            kind: "buy_in" | "deposit" | "loss" | "session";
            reason: string;
            /** @enum {unknown} */
            span: "day" | "month" | "session" | "week";
        };
        /**
         * OperatorRequest
         * @description ``grace_s``: so long a hand in play may take to end, for move, drain and close.
         */
        OperatorRequest: {
            by: components["schemas"]["Operator"];
            /** @default 120 */
            grace_s?: number;
            /** @default  */
            reason?: string;
        };
        /**
         * OperatorTable
         * @description A wanted table as an operator sees it: the actor, node and process that serve it, or why it
         *         could not be opened when that was tried last. ``players`` counts ``bots`` too; ``lag_ms`` is how
         *         late the actor's event loop comes to its timers, ``busy`` that it takes no newcomers,
         *         ``draining`` that it is to be empty.
         */
        OperatorTable: {
            /** @default  */
            actor?: string;
            /** @default  */
            address?: string;
            /** @default 0 */
            average_pot?: number;
            /** @default 0 */
            big_blind?: number;
            /** @default 0 */
            bots?: number;
            /** @default false */
            busy?: boolean;
            /** @default  */
            currency?: string;
            /** @default false */
            draining?: boolean;
            /** @default 0 */
            epoch?: number;
            /** @default  */
            failure?: string;
            /** @default 0 */
            hand?: number;
            /** @default 0 */
            hands_per_hour?: number;
            /** @default 0 */
            lag_ms?: number;
            /** @default  */
            node?: string;
            /** @default false */
            open?: boolean;
            /** @default false */
            paused?: boolean;
            /** @default 0 */
            pid?: number;
            /** @default 0 */
            players?: number;
            /** @default false */
            playing?: boolean;
            /** @default  */
            release?: string;
            /** @default 0 */
            seats?: number;
            /** @default 0 */
            small_blind?: number;
            table: string;
        };
        /**
         * OperatorTables
         * @description ``spares`` are warm actors without a table; ``outdated`` are actors of other releases than
         *         the floor's, whose tables are on their way to new ones.
         */
        OperatorTables: {
            /** @default 0 */
            outdated?: number;
            spares: number;
            tables: components["schemas"]["OperatorTable"][];
        };
        /**
         * PartHealth
         * @description ``state`` is ok, degraded or down; ``ms`` is how long it took to answer. ``facts`` are for
         *         people.
         */
        PartHealth: {
            facts: {
                [key: string]: string;
            };
            ms: number;
            name: string;
            /** @enum {unknown} */
            state: "degraded" | "down" | "ok";
        };
        /**
         * PasskeyInfo
         * @description ``used``: when it signed in, or proved, last.
         */
        PasskeyInfo: {
            added: string;
            id: string;
            name: string;
            /** @default null */
            used?: string | null;
        };
        /** PasskeyName */
        PasskeyName: {
            name: string;
        };
        /**
         * PasskeysResponse
         * @description Oldest first.
         */
        PasskeysResponse: {
            passkeys: components["schemas"]["PasskeyInfo"][];
        };
        /**
         * PasswordRequest
         * @description From ``password`` to ``new``.
         */
        PasswordRequest: {
            /** @default  */
            code?: string;
            new: string;
            password: string;
        };
        /**
         * PaymentDecisionRequest
         * @description Post (the money has moved) or void (it will not) a pending payment.
         */
        PaymentDecisionRequest: {
            by: components["schemas"]["Operator"];
            key: string;
            post: boolean;
            why: string;
        };
        /**
         * PaymentInfo
         * @description ``state`` is pending until it is posted or voided, for good; ``why`` says what came of it.
         *         What is still pending at ``expires`` is voided, unless its money has moved.
         */
        PaymentInfo: {
            amount: number;
            begun: string;
            currency: string;
            /** @default null */
            decided?: string | null;
            expires: string;
            id: number;
            key: string;
            /** @enum {unknown} */
            kind: "deposit" | "withdrawal";
            player: string;
            provider: string;
            /** @enum {unknown} */
            state: "pending" | "posted" | "voided";
            why: string;
        };
        /**
         * PaymentRequest
         * @description Money in or out.
         */
        PaymentRequest: {
            amount: number;
            /** @default PLAY */
            currency?: string;
            ref: string;
        };
        /**
         * PaymentsResponse
         * @description Newest first; ``next`` is the ``before`` of the next page, None at the end.
         */
        PaymentsResponse: {
            next: number | null;
            payments: components["schemas"]["PaymentInfo"][];
        };
        /**
         * PlatformDecision
         * @description The table acted for a player, in event number ``event``: time_out, disconnected (his time ran
         *         out while his line was broken) or left (he had stood up).
         */
        PlatformDecision: {
            event: number;
            why: string;
        };
        /**
         * PlayerEntry
         * @description A player or guest; ``closed`` accounts are never used again.
         */
        PlayerEntry: {
            /** @default null */
            ban?: components["schemas"]["BanInfo"] | null;
            /** @default false */
            closed?: boolean;
            id: string;
            kind: string;
            name: string;
            opened: string;
        };
        /**
         * PlayerInfo
         * @description ``kind`` is player, guest or bot.
         */
        PlayerInfo: {
            id: string;
            kind: string;
            name: string;
        };
        /**
         * PlayerMoney
         * @description What a player has and where, and what operators did to it last, newest first.
         */
        PlayerMoney: {
            operations: components["schemas"]["OperationInfo"][];
            payments: components["schemas"]["PaymentInfo"][];
            purses: components["schemas"]["PurseInfo"][];
        };
        /**
         * PlayerSheet
         * @description One player, where he sits and what he was given.
         */
        PlayerSheet: {
            player: components["schemas"]["PlayerEntry"];
            roles: string[];
            seats: components["schemas"]["SeatInfo"][];
        };
        /**
         * PlayersResponse
         * @description By name.
         */
        PlayersResponse: {
            players: components["schemas"]["PlayerEntry"][];
        };
        /**
         * PrivateTable
         * @description ``code`` is shown when it is made, and never again: send it to whom you invite.
         */
        PrivateTable: {
            /** @default null */
            code?: string | null;
            /** @default null */
            opened?: string | null;
            table: string;
            title: string;
        };
        /**
         * PrivateTableRequest
         * @description Buy-ins are in big blinds.
         */
        PrivateTableRequest: {
            big_blind: number;
            /** @default 100 */
            buy_in_max?: number;
            /** @default 40 */
            buy_in_min?: number;
            seats: number;
            small_blind: number;
            title: string;
        };
        /**
         * PrivateTablesResponse
         * @description Oldest first.
         */
        PrivateTablesResponse: {
            tables: components["schemas"]["PrivateTable"][];
        };
        /**
         * PromotionRequest
         * @description Promotional chips, at once.
         */
        PromotionRequest: {
            amount: number;
            by: components["schemas"]["Operator"];
            /** @default PLAY */
            currency?: string;
            player: string;
            reason: string;
            ref: string;
        };
        /**
         * ProposalDecision
         * @description ``by`` is whoever decides: of a yes not the one who asked.
         */
        ProposalDecision: {
            by: components["schemas"]["Operator"];
            /** @default  */
            remark?: string;
        };
        /**
         * ProposalInfo
         * @description A void that waits for a second operator, until ``expires``; then it is none. ``state`` is
         *         open, approved, rejected or expired; ``outcome`` is done, or why it was refused.
         */
        ProposalInfo: {
            /** @default null */
            decided_by?: string | null;
            expires: string;
            hand: number;
            id: number;
            /** @default null */
            outcome?: string | null;
            proposed: string;
            proposer: string;
            reason: string;
            state: string;
            table: string;
        };
        /**
         * ProposalsResponse
         * @description Newest first.
         */
        ProposalsResponse: {
            proposals: components["schemas"]["ProposalInfo"][];
        };
        /**
         * ProveRequest
         * @description ``code`` only where there is a second factor.
         */
        ProveRequest: {
            /** @default  */
            code?: string;
            password: string;
        };
        /**
         * ProviderInfo
         * @description A site to sign in by: ``id`` for our addresses, ``name`` for people.
         */
        ProviderInfo: {
            id: string;
            name: string;
        };
        /** ProvidersResponse */
        ProvidersResponse: {
            providers: components["schemas"]["ProviderInfo"][];
        };
        /**
         * PurseInfo
         * @description One of a player's accounts; ``table`` is None for the wallet.
         */
        PurseInfo: {
            amount: number;
            currency: string;
            /** @default null */
            table?: string | null;
        };
        /**
         * PutOutRequest
         * @description ``player`` (the id of his account) stands up, and stays away for so many minutes; then he
         *         needs a code again.
         */
        PutOutRequest: {
            /** @default 60 */
            minutes?: number;
            player: string;
        };
        /**
         * QuickSeatRequest
         * @description ``big_blind`` picks the stakes; any that the wallet can buy into if None.
         */
        QuickSeatRequest: {
            /** @default null */
            big_blind?: number | null;
            /** @default PLAY */
            currency?: string;
        };
        /**
         * QuickSeatResponse
         * @description A ticket to the liveliest table with a free seat, and what to buy in for.
         */
        QuickSeatResponse: {
            buy_in: number;
            info: components["schemas"]["TableInfo"];
            ticket: components["schemas"]["TicketResponse"];
        };
        /**
         * RecoveryCodesResponse
         * @description Each signs in once in the place of a code; they are not shown again.
         */
        RecoveryCodesResponse: {
            codes: string[];
        };
        /** RefreshRequest */
        RefreshRequest: {
            refresh: string;
        };
        /**
         * Report
         * @description One of the operator's reports: a table. ``as_of`` is the instant it is true for, older than
         *         now where a ``replica`` is behind; ``next`` is the ``before`` of the next page.
         */
        Report: {
            as_of: string;
            columns: string[];
            name: string;
            /** @default null */
            next?: number | null;
            replica: boolean;
            rows: unknown[][];
        };
        /** RescueDecision */
        RescueDecision: {
            by: components["schemas"]["Operator"];
            /** @default  */
            remark?: string;
        };
        /**
         * RescueInfo
         * @description ``state`` is waiting, approved or rejected.
         */
        RescueInfo: {
            email: string;
            id: number;
            name: string;
            note: string;
            player: string;
            proposed: string;
            proposer: string;
            state: string;
        };
        /**
         * RescueRequest
         * @description ``note``: how the operator knows that it is him. The token goes to ``email``, or to the
         *         verified address.
         */
        RescueRequest: {
            by: components["schemas"]["Operator"];
            /** @default  */
            email?: string;
            note: string;
        };
        /**
         * RescuesResponse
         * @description Those that wait, oldest first.
         */
        RescuesResponse: {
            rescues: components["schemas"]["RescueInfo"][];
        };
        /** ResetRequest */
        ResetRequest: {
            password: string;
            token: string;
        };
        /**
         * RevenueResponse
         * @description As ``ConcurrencyResponse``; an instant has one sample a currency.
         */
        RevenueResponse: {
            every_s: number;
            samples: components["schemas"]["RevenueSample"][];
        };
        /**
         * RevenueSample
         * @description What the house had of a currency at an instant; what it gained is the difference of two.
         *         ``house`` is of rake, and of what adjustments took from it or gave.
         */
        RevenueSample: {
            at: string;
            currency: string;
            house: number;
        };
        /**
         * ReversalRequest
         * @description Propose to take a transfer back by another one.
         */
        ReversalRequest: {
            by: components["schemas"]["Operator"];
            reason: string;
            ref: string;
            transfer: string;
        };
        /**
         * RightsResponse
         * @description What I may do, and whether money and hands need two people.
         */
        RightsResponse: {
            rights: string[];
            roles: string[];
            /** @default false */
            two_person?: boolean;
        };
        /**
         * RoleHolder
         * @description Who has a role, and who gave it when.
         */
        RoleHolder: {
            granted_at: string;
            granted_by: string;
            name: string;
            role: string;
        };
        /**
         * RoleRequest
         * @description A role for the player called ``player``, or no longer.
         */
        RoleRequest: {
            by: components["schemas"]["Operator"];
            player: string;
            /** @default  */
            reason?: string;
            /** @enum {unknown} */
            role: "admin" | "cashier" | "compliance" | "floor" | "host" | "support";
        };
        /**
         * RolesResponse
         * @description Every role that somebody has.
         */
        RolesResponse: {
            roles: components["schemas"]["RoleHolder"][];
        };
        /**
         * RoomInfo
         * @description ``left`` until the limit is reached, in the window that ends at ``until``.
         */
        RoomInfo: {
            left: number;
            limit: components["schemas"]["LimitName"];
            until: string;
        };
        /**
         * SeatInfo
         * @description A table at which a player has chips.
         */
        SeatInfo: {
            since: string;
            table: string;
        };
        /**
         * SessionInfo
         * @description ``device`` is what the program said of itself; ``used`` is when it got its last tokens.
         */
        SessionInfo: {
            address: string;
            /** @default false */
            current?: boolean;
            device: string;
            expires: string;
            id: string;
            opened: string;
            /** @default null */
            used?: string | null;
        };
        /**
         * SessionsResponse
         * @description Newest first.
         */
        SessionsResponse: {
            sessions: components["schemas"]["SessionInfo"][];
        };
        /**
         * SharedHand
         * @description A hand as the player at ``record.seat`` saw it, who shows it until ``expires``.
         */
        SharedHand: {
            expires: string;
            record: components["schemas"]["HandRecord"];
        };
        /** SharedRequest */
        SharedRequest: {
            token: string;
        };
        /**
         * ShareInfo
         * @description A link that I made and that still works.
         */
        ShareInfo: {
            expires: string;
            hand: number;
            id: string;
            made: string;
            table: string;
        };
        /**
         * ShareRequest
         * @description Whoever has the link sees the hand as I saw it, for so many days.
         */
        ShareRequest: {
            /** @default 30 */
            days?: number;
        };
        /**
         * ShareResponse
         * @description ``token`` is told this once; the server keeps a digest of it.
         */
        ShareResponse: {
            share: components["schemas"]["ShareInfo"];
            token: string;
        };
        /**
         * SharesResponse
         * @description Newest first.
         */
        SharesResponse: {
            shares: components["schemas"]["ShareInfo"][];
        };
        /**
         * ShownCredential
         * @description What ``navigator.credentials.get`` gave.
         */
        ShownCredential: {
            id: string;
            rawId: string;
            response: components["schemas"]["Assertion"];
            type: string;
        };
        /** ShownPasskey */
        ShownPasskey: {
            credential: components["schemas"]["ShownCredential"];
        };
        /**
         * SittingInfo
         * @description A stake from its first buy-in to its way home. ``brought`` and ``home`` are what went to the
         *         table and came back; ``chips`` are at the table now.
         */
        SittingInfo: {
            began: string;
            brought: number;
            chips: number;
            currency: string;
            ended: string | null;
            home: number;
            session: string;
            table: string;
        };
        /**
         * SittingResponse
         * @description ``points`` are oldest first. Of a long sitting not each: ``changes`` is how many there were,
         *         first and last are always among them.
         */
        SittingResponse: {
            best: number;
            changes: number;
            hands: number;
            points: components["schemas"]["StackPoint"][];
            sitting: components["schemas"]["SittingInfo"];
            worst: number;
        };
        /**
         * SittingsResponse
         * @description Newest first; ``next`` is the ``after`` of the next page, None at the end.
         */
        SittingsResponse: {
            next: string | null;
            sittings: components["schemas"]["SittingInfo"][];
        };
        /**
         * StackPoint
         * @description The stake after one change of it: by a buy-in, a hand, or the way home.
         */
        StackPoint: {
            amount: number;
            at: string;
            balance: number;
            hand: number | null;
            kind: string;
        };
        /**
         * StakeInfo
         * @description My chips at a table, as of the last hand.
         */
        StakeInfo: {
            amount: number;
            currency: string;
            table: string;
        };
        /**
         * StakesResponse
         * @description Oldest first.
         */
        StakesResponse: {
            stakes: components["schemas"]["StakeInfo"][];
        };
        /**
         * StatementLine
         * @description One change of a wallet or of a stake; ``balance`` is that account's after it.
         */
        StatementLine: {
            account: string;
            amount: number;
            at: string;
            balance: number;
            currency: string;
            hand: number | null;
            id: number;
            kind: string;
            table: string | null;
        };
        /**
         * StatementResponse
         * @description Newest first; ``next`` is the ``before`` of the next page, None at the end.
         */
        StatementResponse: {
            lines: components["schemas"]["StatementLine"][];
            next: number | null;
        };
        /**
         * TableInfo
         * @description What does not change while a table is open. Chips in minor units, times in ms.
         */
        TableInfo: {
            ante: number;
            big_blind: number;
            buy_in_max: number;
            buy_in_min: number;
            /** @default PLAY */
            currency?: string;
            game: string;
            name: string;
            rake_bp: number;
            seats: number;
            small_blind: number;
            straddle: boolean;
            table: string;
            turn_ms: number;
        };
        /**
         * TableListing
         * @description One table of the lobby. ``dealt`` and ``hands`` count begun and finished hands since it was
         *         opened; ``average_pot`` is over the last ones. A ``busy`` table takes no newcomers for now,
         *         whatever seats it has: its server is at its limit.
         */
        TableListing: {
            average_pot: number;
            bots: number;
            /** @default false */
            busy?: boolean;
            dealt: number;
            hands: number;
            hands_per_hour: number;
            info: components["schemas"]["TableInfo"];
            players: number;
        };
        /**
         * TicketRequest
         * @description ``code`` once, where the table is private.
         */
        TicketRequest: {
            /** @default  */
            code?: string;
            /**
             * @default seat
             * @enum {unknown}
             */
            role?: "rail" | "seat";
        };
        /**
         * TicketResponse
         * @description Open ``url`` (the ticket is in it) before ``expires_in_s`` have passed; it works once. What
         *         a spectator sees is ``delay_s`` old.
         */
        TicketResponse: {
            /** @default 0 */
            delay_s?: number;
            expires_in_s: number;
            table: string;
            url: string;
        };
        /**
         * TokensResponse
         * @description ``access`` goes into ``Authorization: Bearer``; ``refresh`` buys the next pair, once.
         */
        TokensResponse: {
            access: string;
            expires_in_s: number;
            player: components["schemas"]["PlayerInfo"];
            refresh: string;
        };
        /**
         * TripResponse
         * @description Keep ``flow`` and ``state`` in the tab (sessionStorage) and go to ``url``. The provider sends
         *         the browser back to ``/oidc/PROVIDER`` of ``public_url`` with ``code`` and ``state``. If that is
         *         another state than was kept, somebody else began: forget it.
         */
        TripResponse: {
            flow: string;
            state: string;
            url: string;
        };
        /**
         * VoidProposal
         * @description Ask a second operator to void the hand in play.
         */
        VoidProposal: {
            by: components["schemas"]["Operator"];
            hand: number;
            reason: string;
        };
        /**
         * VoidRequest
         * @description Take back hand number ``hand``, which is in play.
         */
        VoidRequest: {
            by: components["schemas"]["Operator"];
            hand: number;
            reason: string;
        };
        /**
         * WalletResponse
         * @description ``amount`` is free to use, ``at_tables`` is in play; ``version`` grows by each change.
         */
        WalletResponse: {
            amount: number;
            at_tables: number;
            /** @default PLAY */
            currency?: string;
            version: number;
        };
        /** CodeRequest */
        "wire.accounts.CodeRequest": {
            code: string;
        };
        /**
         * CodeRequest
         * @description ``continuation`` as ``code_needed`` brought it, good for five minutes; ``factor`` is the code
         *         of the authenticator, or a recovery code. After ``code_wrong`` another one may be sent.
         */
        "wire.doors.CodeRequest": {
            continuation: string;
            factor: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AdjustmentRequest = components['schemas']['AdjustmentRequest'];
export type ArrivedRequest = components['schemas']['ArrivedRequest'];
export type Assertion = components['schemas']['Assertion'];
export type Attestation = components['schemas']['Attestation'];
export type AuditLine = components['schemas']['AuditLine'];
export type AuditResponse = components['schemas']['AuditResponse'];
export type BanInfo = components['schemas']['BanInfo'];
export type BanRequest = components['schemas']['BanRequest'];
export type BanResponse = components['schemas']['BanResponse'];
export type BeginRequest = components['schemas']['BeginRequest'];
export type ConcurrencyResponse = components['schemas']['ConcurrencyResponse'];
export type Credentials = components['schemas']['Credentials'];
export type CurrenciesResponse = components['schemas']['CurrenciesResponse'];
export type CurrencyInfo = components['schemas']['CurrencyInfo'];
export type DailyGrantResponse = components['schemas']['DailyGrantResponse'];
export type DecisionRequest = components['schemas']['DecisionRequest'];
export type DeskHealth = components['schemas']['DeskHealth'];
export type DeskLink = components['schemas']['DeskLink'];
export type DrainRequest = components['schemas']['DrainRequest'];
export type EmailRequest = components['schemas']['EmailRequest'];
export type EmailResponse = components['schemas']['EmailResponse'];
export type EnrolRequest = components['schemas']['EnrolRequest'];
export type EnrolResponse = components['schemas']['EnrolResponse'];
export type EnterRequest = components['schemas']['EnterRequest'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type ErrorResponse = components['schemas']['ErrorResponse'];
export type ExclusionRequest = components['schemas']['ExclusionRequest'];
export type FactorResponse = components['schemas']['FactorResponse'];
export type FindingDecision = components['schemas']['FindingDecision'];
export type FindingInfo = components['schemas']['FindingInfo'];
export type FindingsResponse = components['schemas']['FindingsResponse'];
export type FloorSample = components['schemas']['FloorSample'];
export type ForgotRequest = components['schemas']['ForgotRequest'];
export type FundsInPlay = components['schemas']['FundsInPlay'];
export type HandProof = components['schemas']['HandProof'];
export type HandRecord = components['schemas']['HandRecord'];
export type HandRules = components['schemas']['HandRules'];
export type HandsResponse = components['schemas']['HandsResponse'];
export type HandTextResponse = components['schemas']['HandTextResponse'];
export type Hole = components['schemas']['Hole'];
export type IdentitiesResponse = components['schemas']['IdentitiesResponse'];
export type IdentityInfo = components['schemas']['IdentityInfo'];
export type InterruptedHandInfo = components['schemas']['InterruptedHandInfo'];
export type InterruptedResponse = components['schemas']['InterruptedResponse'];
export type KickRequest = components['schemas']['KickRequest'];
export type LaunchRequest = components['schemas']['LaunchRequest'];
export type LaunchResponse = components['schemas']['LaunchResponse'];
export type LiftRequest = components['schemas']['LiftRequest'];
export type LimitInfo = components['schemas']['LimitInfo'];
export type LimitName = components['schemas']['LimitName'];
export type LimitReached = components['schemas']['LimitReached'];
export type LimitRequest = components['schemas']['LimitRequest'];
export type LimitsResponse = components['schemas']['LimitsResponse'];
export type LobbyResponse = components['schemas']['LobbyResponse'];
export type LoginRequest = components['schemas']['LoginRequest'];
export type LookRequest = components['schemas']['LookRequest'];
export type LookResponse = components['schemas']['LookResponse'];
export type MailTokenRequest = components['schemas']['MailTokenRequest'];
export type NewCredential = components['schemas']['NewCredential'];
export type NewPasskey = components['schemas']['NewPasskey'];
export type Opening = components['schemas']['Opening'];
export type OperationAnswer = components['schemas']['OperationAnswer'];
export type OperationInfo = components['schemas']['OperationInfo'];
export type OperationsResponse = components['schemas']['OperationsResponse'];
export type Operator = components['schemas']['Operator'];
export type OperatorExclusionRequest = components['schemas']['OperatorExclusionRequest'];
export type OperatorLimitRequest = components['schemas']['OperatorLimitRequest'];
export type OperatorRequest = components['schemas']['OperatorRequest'];
export type OperatorTable = components['schemas']['OperatorTable'];
export type OperatorTables = components['schemas']['OperatorTables'];
export type PartHealth = components['schemas']['PartHealth'];
export type PasskeyInfo = components['schemas']['PasskeyInfo'];
export type PasskeyName = components['schemas']['PasskeyName'];
export type PasskeysResponse = components['schemas']['PasskeysResponse'];
export type PasswordRequest = components['schemas']['PasswordRequest'];
export type PaymentDecisionRequest = components['schemas']['PaymentDecisionRequest'];
export type PaymentInfo = components['schemas']['PaymentInfo'];
export type PaymentRequest = components['schemas']['PaymentRequest'];
export type PaymentsResponse = components['schemas']['PaymentsResponse'];
export type PlatformDecision = components['schemas']['PlatformDecision'];
export type PlayerEntry = components['schemas']['PlayerEntry'];
export type PlayerInfo = components['schemas']['PlayerInfo'];
export type PlayerMoney = components['schemas']['PlayerMoney'];
export type PlayerSheet = components['schemas']['PlayerSheet'];
export type PlayersResponse = components['schemas']['PlayersResponse'];
export type PrivateTable = components['schemas']['PrivateTable'];
export type PrivateTableRequest = components['schemas']['PrivateTableRequest'];
export type PrivateTablesResponse = components['schemas']['PrivateTablesResponse'];
export type PromotionRequest = components['schemas']['PromotionRequest'];
export type ProposalDecision = components['schemas']['ProposalDecision'];
export type ProposalInfo = components['schemas']['ProposalInfo'];
export type ProposalsResponse = components['schemas']['ProposalsResponse'];
export type ProveRequest = components['schemas']['ProveRequest'];
export type ProviderInfo = components['schemas']['ProviderInfo'];
export type ProvidersResponse = components['schemas']['ProvidersResponse'];
export type PurseInfo = components['schemas']['PurseInfo'];
export type PutOutRequest = components['schemas']['PutOutRequest'];
export type QuickSeatRequest = components['schemas']['QuickSeatRequest'];
export type QuickSeatResponse = components['schemas']['QuickSeatResponse'];
export type RecoveryCodesResponse = components['schemas']['RecoveryCodesResponse'];
export type RefreshRequest = components['schemas']['RefreshRequest'];
export type Report = components['schemas']['Report'];
export type RescueDecision = components['schemas']['RescueDecision'];
export type RescueInfo = components['schemas']['RescueInfo'];
export type RescueRequest = components['schemas']['RescueRequest'];
export type RescuesResponse = components['schemas']['RescuesResponse'];
export type ResetRequest = components['schemas']['ResetRequest'];
export type RevenueResponse = components['schemas']['RevenueResponse'];
export type RevenueSample = components['schemas']['RevenueSample'];
export type ReversalRequest = components['schemas']['ReversalRequest'];
export type RightsResponse = components['schemas']['RightsResponse'];
export type RoleHolder = components['schemas']['RoleHolder'];
export type RoleRequest = components['schemas']['RoleRequest'];
export type RolesResponse = components['schemas']['RolesResponse'];
export type RoomInfo = components['schemas']['RoomInfo'];
export type SeatInfo = components['schemas']['SeatInfo'];
export type SessionInfo = components['schemas']['SessionInfo'];
export type SessionsResponse = components['schemas']['SessionsResponse'];
export type SharedHand = components['schemas']['SharedHand'];
export type SharedRequest = components['schemas']['SharedRequest'];
export type ShareInfo = components['schemas']['ShareInfo'];
export type ShareRequest = components['schemas']['ShareRequest'];
export type ShareResponse = components['schemas']['ShareResponse'];
export type SharesResponse = components['schemas']['SharesResponse'];
export type ShownCredential = components['schemas']['ShownCredential'];
export type ShownPasskey = components['schemas']['ShownPasskey'];
export type SittingInfo = components['schemas']['SittingInfo'];
export type SittingResponse = components['schemas']['SittingResponse'];
export type SittingsResponse = components['schemas']['SittingsResponse'];
export type StackPoint = components['schemas']['StackPoint'];
export type StakeInfo = components['schemas']['StakeInfo'];
export type StakesResponse = components['schemas']['StakesResponse'];
export type StatementLine = components['schemas']['StatementLine'];
export type StatementResponse = components['schemas']['StatementResponse'];
export type TableInfo = components['schemas']['TableInfo'];
export type TableListing = components['schemas']['TableListing'];
export type TicketRequest = components['schemas']['TicketRequest'];
export type TicketResponse = components['schemas']['TicketResponse'];
export type TokensResponse = components['schemas']['TokensResponse'];
export type TripResponse = components['schemas']['TripResponse'];
export type VoidProposal = components['schemas']['VoidProposal'];
export type VoidRequest = components['schemas']['VoidRequest'];
export type WalletResponse = components['schemas']['WalletResponse'];
export type WireAccountsCodeRequest = components['schemas']['wire.accounts.CodeRequest'];
export type WireDoorsCodeRequest = components['schemas']['wire.doors.CodeRequest'];
export type $defs = Record<string, never>;
export interface operations {
    money_currencies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrenciesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmailResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_claim_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmailRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_verify_email: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailTokenRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    guest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    hands: {
        parameters: {
            query?: {
                before?: number;
                limit?: number;
                pot_min?: number;
                result?: string;
                since?: string;
                table?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    hand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hand: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandRecord"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    hand_text: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                format: string;
                hand: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandTextResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    history_share: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hand: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShareRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    host_tables: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateTablesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    host_open_table: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrivateTableRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateTable"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    host_close_table: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    host_renew_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateTable"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    host_put_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutOutRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_identities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitiesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArrivedRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_unlink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                identity: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_begin_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TripResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    enter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnterRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_enter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArrivedRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_enter_with_code: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["wire.doors.CodeRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_enter_by_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShownPasskey"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_ask_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_logout_everywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlayerInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProvidersResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_begin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TripResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_adjust: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustmentRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    audit_audit: {
        parameters: {
            query?: {
                act?: string;
                before?: number;
                limit?: number;
                since?: string;
                until?: string;
                who?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    desk_concurrency: {
        parameters: {
            query?: {
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConcurrencyResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    drain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrainRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    signal_findings: {
        parameters: {
            query?: {
                before?: number;
                limit?: number;
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    signal_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                finding: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindingDecision"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    signal_look: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    operator_hands: {
        parameters: {
            query?: {
                before?: number;
                limit?: number;
                player?: string;
                since?: string;
                table?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    operator_hand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hand: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandRecord"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    operator_hand_text: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                format: string;
                hand: string;
                table: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandTextResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    desk_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeskHealth"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    desk_interrupted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterruptedResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    launch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LaunchRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LaunchResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_operations: {
        parameters: {
            query?: {
                all?: number;
                before?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_reject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_pending: {
        parameters: {
            query?: {
                before?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_decide_payment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentDecisionRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_players: {
        parameters: {
            query?: {
                limit?: number;
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlayersResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    desk_player: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlayerSheet"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_ban: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BanRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BanResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_operator_exclude: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorExclusionRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_operator_limits: {
        parameters: {
            query?: {
                currency?: string;
            };
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_operator_set_limit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorLimitRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    desk_player_money: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlayerMoney"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    rescue_propose_rescue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RescueRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RescueInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_operator_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_lift_ban: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                player: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LiftRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BanResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_promote: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromotionRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    report_report: {
        parameters: {
            query?: {
                before?: number;
                format?: string;
                kind?: string;
                limit?: number;
                player?: string;
                since?: string;
                table?: string;
                until?: string;
            };
            header?: never;
            path: {
                report: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    rescue_rescues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RescuesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    rescue_approve_rescue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rescue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RescueDecision"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RescueInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    rescue_reject_rescue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rescue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RescueDecision"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RescueInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    desk_revenue: {
        parameters: {
            query?: {
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevenueResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_reverse: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReversalRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    role_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    role_grant_role: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    role_revoke_role: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    operator_tables: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorTables"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_kick: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KickRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    move: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    reopen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperatorRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    void: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoidRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    proposal_propose_void: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoidProposal"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    proposal_proposals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    proposal_approve_void: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalDecision"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    proposal_reject_void: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalDecision"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_passkeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeysResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_add_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_rename_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyName"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_remove_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                passkey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_new_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_forgot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgotRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_prove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProveRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_prove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArrivedRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_begin_proof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TripResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    identity_prove_with_code: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["wire.doors.CodeRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_prove_by_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShownPasskey"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    door_ask_proof: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    quick_seat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuickSeatRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuickSeatResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    desk_rights: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RightsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_factor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactorResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_enrol: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["wire.accounts.CodeRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProveRequest"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    player_revoke_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    history_shared: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SharedRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedHand"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    history_shares: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    history_end_share: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                share: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    history_sittings: {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
                since?: string;
                table?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SittingsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    history_sitting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SittingResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    lobby: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LobbyResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    ticket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                table: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    account_upgrade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    wallet: {
        parameters: {
            query?: {
                currency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WalletResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    daily: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailyGrantResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_deposit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_exclude: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExclusionRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_limits: {
        parameters: {
            query?: {
                currency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_set_limit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_payments: {
        parameters: {
            query?: {
                before?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentsResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    stakes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StakesResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    statement: {
        parameters: {
            query?: {
                before?: number;
                currency?: string;
                format?: string;
                kind?: string;
                limit?: number;
                since?: string;
                table?: string;
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    wallet_stream: {
        parameters: {
            query?: {
                currency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["WalletResponse"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    money_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentInfo"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
}
