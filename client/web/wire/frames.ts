// Made by `python -m serve.webtypes`; do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Accepted
         * @description The request was applied; its effect is in the updates. ``seat`` after a Sit.
         */
        Accepted: {
            ref: string;
            /** @default -1 */
            seat?: number;
            /** @enum {unknown} */
            type: "accepted";
        };
        /**
         * Act
         * @description Play an action in turn number ``turn`` of hand number ``hand``: for no other it counts.
         */
        Act: {
            action: components["schemas"]["Fold"] | components["schemas"]["Check"] | components["schemas"]["Call"] | components["schemas"]["Raise"];
            hand: number;
            ref: string;
            turn: number;
            /** @enum {unknown} */
            type: "act";
        };
        /**
         * Acted
         * @description ``paid`` went from the stack now; ``bet`` is the seat's total on this street.
         */
        Acted: {
            action: string;
            all_in: boolean;
            bet: number;
            paid: number;
            seat: number;
            /** @enum {unknown} */
            type: "acted";
        };
        /**
         * BankStarted
         * @description The time of the turn is over; the player's bank runs.
         */
        BankStarted: {
            bank_ms: number;
            seat: number;
            /** @enum {unknown} */
            type: "bank_started";
        };
        /** BetReturned */
        BetReturned: {
            amount: number;
            seat: number;
            /** @enum {unknown} */
            type: "bet_returned";
        };
        /** BoardDealt */
        BoardDealt: {
            cards: number[];
            /** @default [] */
            proofs?: components["schemas"]["Opening"][];
            street: components["schemas"]["Street"];
            /** @enum {unknown} */
            type: "board_dealt";
        };
        /** Call */
        Call: {
            /** @enum {unknown} */
            type: "call";
        };
        /** CameBack */
        CameBack: {
            seat: number;
            /** @enum {unknown} */
            type: "came_back";
        };
        /** Check */
        Check: {
            /** @enum {unknown} */
            type: "check";
        };
        /**
         * ChipsAdded
         * @description A top-up came into play.
         */
        ChipsAdded: {
            amount: number;
            seat: number;
            stack: number;
            /** @enum {unknown} */
            type: "chips_added";
        };
        ClientFrame: components["schemas"]["Sit"] | components["schemas"]["Act"] | components["schemas"]["TopUp"] | components["schemas"]["SitOut"] | components["schemas"]["Straddle"] | components["schemas"]["Stand"] | components["schemas"]["Entropy"] | components["schemas"]["Ping"];
        /**
         * ClockView
         * @description The running turn: whose, what is left of it, whether it is the bank, the bank behind, and
         *         its number.
         */
        ClockView: {
            bank_ms: number;
            in_bank: boolean;
            remaining_ms: number;
            seat: number;
            turn: number;
        };
        /**
         * DeckSealed
         * @description Before the first card: the root over all 52 salted cards, the commitment of the seed, and
         *         (seat, hash of its entropy) of everybody at the table.
         */
        DeckSealed: {
            commitment: string;
            entropies: [
                number,
                string
            ][];
            hand: number;
            root: string;
            /** @enum {unknown} */
            type: "deck_sealed";
        };
        /**
         * Entropy
         * @description Mix ``value`` into the deals from the next one on, until you send another; it is empty when
         *         you sit down. Only its hash is kept and shown.
         */
        Entropy: {
            ref: string;
            /** @enum {unknown} */
            type: "entropy";
            value: string;
        };
        /**
         * FairView
         * @description What a newcomer missed of the fair deal: the commitment of the next hand's seed and, once a
         *         hand was dealt, how that one was sealed and the cards he may see of it, with their proofs.
         */
        FairView: {
            commitment: string;
            /** @default [] */
            opened?: (components["schemas"]["HandStarted"] | components["schemas"]["HoleDealt"] | components["schemas"]["BoardDealt"] | components["schemas"]["HandShown"])[];
            /** @default null */
            sealed?: components["schemas"]["DeckSealed"] | null;
        };
        /** Fold */
        Fold: {
            /** @enum {unknown} */
            type: "fold";
        };
        /**
         * HandEnded
         * @description ``stacks`` are parallel to the seats of ``HandStarted``.
         */
        HandEnded: {
            hand: number;
            rake: number;
            stacks: number[];
            /** @enum {unknown} */
            type: "hand_ended";
        };
        /** HandMucked */
        HandMucked: {
            seat: number;
            /** @enum {unknown} */
            type: "hand_mucked";
        };
        /**
         * HandShown
         * @description ``made`` names the hand, empty while the board is not complete.
         */
        HandShown: {
            cards: number[];
            made: string;
            /** @default [] */
            proofs?: components["schemas"]["Opening"][];
            seat: number;
            /** @enum {unknown} */
            type: "hand_shown";
        };
        /** HandStarted */
        HandStarted: {
            button: number;
            hand: number;
            seats: number[];
            stacks: number[];
            /** @enum {unknown} */
            type: "hand_started";
        };
        /**
         * HandVoided
         * @description The hand does not count: ``stacks`` of ``seats`` are as before it. ``reason`` is the
         *         policy's or the operator's.
         */
        HandVoided: {
            hand: number;
            reason: string;
            seats: number[];
            stacks: number[];
            /** @enum {unknown} */
            type: "hand_voided";
        };
        /**
         * HoleDealt
         * @description Two cards to a seat; ``cards`` is empty for everybody else.
         */
        HoleDealt: {
            cards: number[];
            /** @default [] */
            proofs?: components["schemas"]["Opening"][];
            seat: number;
            /** @enum {unknown} */
            type: "hole_dealt";
        };
        /**
         * Legal
         * @description What the seat to act may do; ``raise_min``/``raise_max`` are totals, 0 if it may not.
         */
        Legal: {
            call: number;
            can_check: boolean;
            raise_max: number;
            raise_min: number;
            seat: number;
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
         * Ping
         * @description Answered by a Pong with the same reference.
         */
        Ping: {
            ref: string;
            /** @enum {unknown} */
            type: "ping";
        };
        /** Pong */
        Pong: {
            ref: string;
            /** @enum {unknown} */
            type: "pong";
        };
        /** Posted */
        Posted: {
            amount: number;
            kind: components["schemas"]["PostKind"];
            seat: number;
            /** @enum {unknown} */
            type: "posted";
        };
        /**
         * PostKind
         * @description Why chips went in before the cards: live posts count towards a call, dead ones do not.
         * @enum {unknown}
         */
        PostKind: "ante" | "big_blind" | "dead" | "join" | "small_blind" | "straddle";
        /**
         * PotAwarded
         * @description Pot 0 is the main pot; ``amount`` includes ``rake``; ``shares`` are (seat, chips).
         */
        PotAwarded: {
            amount: number;
            pot: number;
            rake: number;
            shares: [
                number,
                number
            ][];
            /** @enum {unknown} */
            type: "pot_awarded";
        };
        /**
         * PublicHand
         * @description What everybody sees of a hand. Lists are parallel to ``seats`` (deal order).
         */
        PublicHand: {
            bets: number[];
            board: number[];
            button: number;
            folded: boolean[];
            hand: number;
            options: components["schemas"]["Legal"] | null;
            pots: number[];
            seats: number[];
            shown: number[][];
            stacks: number[];
            street: components["schemas"]["Street"];
            turn: number;
        };
        /**
         * Raise
         * @description Bet or raise *to* this total for the street.
         */
        Raise: {
            to: number;
            /** @enum {unknown} */
            type: "raise";
        };
        /**
         * Refused
         * @description The request was not applied. ``ref`` is None where it could not be read; ``limit`` says
         *         more of ``limit_reached``.
         */
        Refused: {
            code: string;
            /** @default null */
            limit?: components["schemas"]["LimitReached"] | null;
            message: string;
            ref: string | null;
            /** @enum {unknown} */
            type: "refused";
        };
        /** SatIn */
        SatIn: {
            seat: number;
            /** @enum {unknown} */
            type: "sat_in";
        };
        /**
         * SatOut
         * @description ``sent_away``: by the host of the table, which he leaves when his hand is over.
         */
        SatOut: {
            seat: number;
            /** @default false */
            sent_away?: boolean;
            /** @enum {unknown} */
            type: "sat_out";
        };
        /**
         * SeatTaken
         * @description ``kind`` is player, guest or bot: bots are always labelled.
         */
        SeatTaken: {
            kind: string;
            name: string;
            seat: number;
            stack: number;
            /** @enum {unknown} */
            type: "seat_taken";
        };
        /**
         * SeatVacated
         * @description The player left; ``chips`` go to his wallet.
         */
        SeatVacated: {
            chips: number;
            seat: number;
            /** @enum {unknown} */
            type: "seat_vacated";
        };
        /**
         * SeatView
         * @description One taken seat. ``stack`` is what is behind, in minor units; ``added`` waits for the next
         *         hand.
         */
        SeatView: {
            /** @default 0 */
            added?: number;
            /** @default false */
            away?: boolean;
            kind: string;
            name: string;
            seat: number;
            /** @default false */
            sitting_out?: boolean;
            stack: number;
            /** @default false */
            straddle?: boolean;
        };
        /**
         * SeedCommitted
         * @description The hash of the seed with which the next hand will be dealt: the server can't change it any
         *         more, you can still change your entropy.
         */
        SeedCommitted: {
            commitment: string;
            /** @enum {unknown} */
            type: "seed_committed";
        };
        ServerFrame: components["schemas"]["Welcome"] | components["schemas"]["Update"] | components["schemas"]["Accepted"] | components["schemas"]["Refused"] | components["schemas"]["Pong"];
        /**
         * Sit
         * @description Take a seat (any free one if None) with ``buy_in`` chips from the wallet.
         *
         *         ``post_now`` pays the big blind at once instead of waiting for it to come round.
         */
        Sit: {
            buy_in: number;
            /** @default false */
            post_now?: boolean;
            ref: string;
            /** @default null */
            seat?: number | null;
            /** @enum {unknown} */
            type: "sit";
        };
        /**
         * SitOut
         * @description Skip the coming hands (``on``) or play again.
         */
        SitOut: {
            on: boolean;
            ref: string;
            /** @enum {unknown} */
            type: "sit_out";
        };
        /**
         * Stand
         * @description Leave the seat; the chips go to the wallet once the last hand is settled.
         */
        Stand: {
            ref: string;
            /** @enum {unknown} */
            type: "stand";
        };
        /**
         * Straddle
         * @description Straddle whenever the seat may, or stop doing so.
         */
        Straddle: {
            on: boolean;
            ref: string;
            /** @enum {unknown} */
            type: "straddle";
        };
        /**
         * Street
         * @description The betting rounds, in order.
         * @enum {unknown}
         */
        Street: "flop" | "preflop" | "river" | "turn";
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
         * TablePaused
         * @description The clocks stand still and nothing is dealt: ``reason`` is operator or storage.
         */
        TablePaused: {
            reason: string;
            /** @enum {unknown} */
            type: "table_paused";
        };
        /**
         * TableResumed
         * @description Play goes on; the running turn has ``remaining_ms`` left (0 if there is none).
         */
        TableResumed: {
            remaining_ms: number;
            /** @enum {unknown} */
            type: "table_resumed";
        };
        /**
         * TableView
         * @description The whole table as one viewer may see it: ``cards`` are his own, ``paused`` is why nothing
         *         moves (operator, storage), if so.
         */
        TableView: {
            /** @default [] */
            cards?: number[];
            /** @default null */
            clock?: components["schemas"]["ClockView"] | null;
            /** @default null */
            fair?: components["schemas"]["FairView"] | null;
            hand: components["schemas"]["PublicHand"] | null;
            info: components["schemas"]["TableInfo"];
            /** @default  */
            paused?: string;
            seats: components["schemas"]["SeatView"][];
        };
        /**
         * TimedOut
         * @description No time left: the seat checks if that is free, else folds.
         */
        TimedOut: {
            seat: number;
            /** @enum {unknown} */
            type: "timed_out";
        };
        /**
         * TopUp
         * @description Bring more chips from the wallet; they are in play from the next hand on.
         */
        TopUp: {
            amount: number;
            ref: string;
            /** @enum {unknown} */
            type: "top_up";
        };
        /**
         * TurnBegan
         * @description A seat is to act: its options, the time of the turn and the bank behind it. An action
         *         names ``turn``, which grows by one from decision to decision.
         */
        TurnBegan: {
            bank_ms: number;
            clock_ms: number;
            options: components["schemas"]["Legal"];
            seat: number;
            turn: number;
            /** @enum {unknown} */
            type: "turn_began";
        };
        /**
         * Update
         * @description What one step brought; ``seq`` grows by one from update to update within an epoch.
         */
        Update: {
            epoch: number;
            events: (components["schemas"]["HandStarted"] | components["schemas"]["Posted"] | components["schemas"]["HoleDealt"] | components["schemas"]["Acted"] | components["schemas"]["BoardDealt"] | components["schemas"]["BetReturned"] | components["schemas"]["HandShown"] | components["schemas"]["HandMucked"] | components["schemas"]["PotAwarded"] | components["schemas"]["HandEnded"] | components["schemas"]["HandVoided"] | components["schemas"]["SeedCommitted"] | components["schemas"]["DeckSealed"] | components["schemas"]["SeatTaken"] | components["schemas"]["SeatVacated"] | components["schemas"]["ChipsAdded"] | components["schemas"]["SatOut"] | components["schemas"]["SatIn"] | components["schemas"]["WentAway"] | components["schemas"]["CameBack"] | components["schemas"]["TurnBegan"] | components["schemas"]["BankStarted"] | components["schemas"]["TimedOut"] | components["schemas"]["TablePaused"] | components["schemas"]["TableResumed"])[];
            seq: number;
            /** @enum {unknown} */
            type: "update";
        };
        /**
         * Welcome
         * @description The first frame. ``missed`` says how many updates follow instead of a snapshot; with
         *         ``view`` set the client starts afresh from it, at sequence number ``seq``.
         */
        Welcome: {
            epoch: number;
            /** @default 0 */
            missed?: number;
            /** @default -1 */
            seat?: number;
            seq: number;
            table: string;
            /** @enum {unknown} */
            type: "welcome";
            /** @default null */
            view?: components["schemas"]["TableView"] | null;
        };
        /**
         * WentAway
         * @description The player's line broke; the seat waits and the clock runs.
         */
        WentAway: {
            seat: number;
            /** @enum {unknown} */
            type: "went_away";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Accepted = components['schemas']['Accepted'];
export type Act = components['schemas']['Act'];
export type Acted = components['schemas']['Acted'];
export type BankStarted = components['schemas']['BankStarted'];
export type BetReturned = components['schemas']['BetReturned'];
export type BoardDealt = components['schemas']['BoardDealt'];
export type Call = components['schemas']['Call'];
export type CameBack = components['schemas']['CameBack'];
export type Check = components['schemas']['Check'];
export type ChipsAdded = components['schemas']['ChipsAdded'];
export type ClientFrame = components['schemas']['ClientFrame'];
export type ClockView = components['schemas']['ClockView'];
export type DeckSealed = components['schemas']['DeckSealed'];
export type Entropy = components['schemas']['Entropy'];
export type FairView = components['schemas']['FairView'];
export type Fold = components['schemas']['Fold'];
export type HandEnded = components['schemas']['HandEnded'];
export type HandMucked = components['schemas']['HandMucked'];
export type HandShown = components['schemas']['HandShown'];
export type HandStarted = components['schemas']['HandStarted'];
export type HandVoided = components['schemas']['HandVoided'];
export type HoleDealt = components['schemas']['HoleDealt'];
export type Legal = components['schemas']['Legal'];
export type LimitName = components['schemas']['LimitName'];
export type LimitReached = components['schemas']['LimitReached'];
export type Opening = components['schemas']['Opening'];
export type Ping = components['schemas']['Ping'];
export type Pong = components['schemas']['Pong'];
export type Posted = components['schemas']['Posted'];
export type PostKind = components['schemas']['PostKind'];
export type PotAwarded = components['schemas']['PotAwarded'];
export type PublicHand = components['schemas']['PublicHand'];
export type Raise = components['schemas']['Raise'];
export type Refused = components['schemas']['Refused'];
export type SatIn = components['schemas']['SatIn'];
export type SatOut = components['schemas']['SatOut'];
export type SeatTaken = components['schemas']['SeatTaken'];
export type SeatVacated = components['schemas']['SeatVacated'];
export type SeatView = components['schemas']['SeatView'];
export type SeedCommitted = components['schemas']['SeedCommitted'];
export type ServerFrame = components['schemas']['ServerFrame'];
export type Sit = components['schemas']['Sit'];
export type SitOut = components['schemas']['SitOut'];
export type Stand = components['schemas']['Stand'];
export type Straddle = components['schemas']['Straddle'];
export type Street = components['schemas']['Street'];
export type TableInfo = components['schemas']['TableInfo'];
export type TablePaused = components['schemas']['TablePaused'];
export type TableResumed = components['schemas']['TableResumed'];
export type TableView = components['schemas']['TableView'];
export type TimedOut = components['schemas']['TimedOut'];
export type TopUp = components['schemas']['TopUp'];
export type TurnBegan = components['schemas']['TurnBegan'];
export type Update = components['schemas']['Update'];
export type Welcome = components['schemas']['Welcome'];
export type WentAway = components['schemas']['WentAway'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
