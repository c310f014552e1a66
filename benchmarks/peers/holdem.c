/* Hold'em players for our own protocol (docs/protocol.md, JSON): they check, call, now and then fold.
 *
 *   holdem --buyin 10000 --think-min 1 --think-max 8 --secs 10 --pids 12,13 < lines
 *
 * A line of the input is a player: "port path". Whoever is turned away before he sits (the server is
 * busy) comes again. With --storm SECONDS everybody loses his line at the end, all at once, and comes
 * back within that time. Prints one JSON object. What is timed is the sending of an action until the
 * update that has it is read.
 */
#include "line.h"

enum { PLAYERS_MAX = 60000, PATH_BYTES_MAX = 2400, NOBODY = -1 };
static const uint64_t RETRY_NS = 200000000u;

typedef struct {
    Line line;
    int seat;
    bool seated, my_turn, can_check, waiting, thinking;
    long hand, turn;
    uint64_t sent_at;
} Player;

static Player *players;
static int player_count, seated;
static long buy_in = 10000;
static double think_min_s = 0, think_max_s = 0, warm_s = 1.5, measured_s = 3, storm_s = 0;
static int fold_percent = 0;
static const char *pids = "";
static bool playing, measuring;
static uint64_t actions, refusals, retries, chance = 88172645463325252u;

static uint64_t random_number(void) { /* xorshift64 */
    chance ^= chance << 13, chance ^= chance >> 7;
    return chance ^= chance << 17;
}

static double random_part(void) { return (double)(random_number() >> 11) / 9007199254740992.0; }

/* ---- looking into a frame */

static const char *find(const uint8_t *data, size_t size, const char *words) {
    const char *at = memmem(data, size, words, strlen(words));
    return at == NULL ? NULL : at + strlen(words);
}

static bool begins(const uint8_t *data, size_t size, const char *words) {
    return size >= strlen(words) && memcmp(data, words, strlen(words)) == 0;
}

/* ---- acting */

static void act(Player *player) {
    char text[200];
    player->thinking = false;
    if (!playing || !player->my_turn || player->line.state != OPEN) return;
    const char *action = player->can_check ? "check" : "call";
    if (!player->can_check && (int)(random_number() % 100) < fold_percent) action = "fold";
    int size = snprintf(text, sizeof text,
                        "{\"type\":\"act\",\"ref\":\"a%ld\",\"hand\":%ld,\"turn\":%ld,"
                        "\"action\":{\"type\":\"%s\"}}",
                        player->turn, player->hand, player->turn, action);
    player->my_turn = false;
    player->waiting = true;
    player->sent_at = now_ns();
    send_frame(&player->line, OP_TEXT, text, (size_t)size);
}

static void think(Player *player) {
    double span = think_min_s + (think_max_s - think_min_s) * random_part();
    if (!playing || player->thinking) return;
    if (span <= 0) { act(player); return; }
    player->thinking = true;
    call_at(now_ns() + (uint64_t)(span * 1e9), player);
}

static void sit(Player *player) {
    char text[120];
    send_frame(&player->line, OP_TEXT, text,
               (size_t)snprintf(text, sizeof text,
                                "{\"type\":\"sit\",\"ref\":\"s\",\"buy_in\":%ld,\"post_now\":true}", buy_in));
}

static void on_time(void *subject) {
    Player *player = subject;
    if (player->line.state == IDLE) open_line(&player->line);
    else if (player->seated) act(player);
    else if (player->line.state == OPEN) sit(player);
}

/* ---- what the table says */

/* `at` is after "seat": of whoever is to act; the end is the frame's. */
static void turn_of(Player *player, const char *at, const uint8_t *end) {
    size_t left = (size_t)((const char *)end - at);
    const char *turn = find((const uint8_t *)at, left, "\"turn\":");
    player->my_turn = atoi(at) == player->seat && player->seated && turn != NULL;
    if (!player->my_turn) return;
    player->turn = atol(turn);
    think(player);
}

static void on_update(Player *player, uint8_t *data, size_t size) {
    char own[40];
    const char *at;
    if (player->waiting) {
        snprintf(own, sizeof own, "\"acted\",\"seat\":%d,", player->seat);
        if (find(data, size, own) != NULL) {
            player->waiting = false;
            if (measuring) actions++, took(now_ns() - player->sent_at);
        }
    }
    if ((at = find(data, size, "\"hand_started\",\"hand\":")) != NULL) player->hand = atol(at);
    if ((at = find(data, size, "\"turn_began\",\"seat\":")) != NULL) {
        const char *check = find((const uint8_t *)at, (size_t)((char *)data + size - at), "\"can_check\":");
        player->can_check = check != NULL && *check == 't';
        turn_of(player, at, data + size);
    }
}

static void now_seated(Player *player, int seat) {
    player->seat = seat;
    seated += !player->seated;
    player->seated = true;
}

static void on_welcome(Player *player, uint8_t *data, size_t size) {
    const char *seat = find(data, size, "\"seat\":"), *at;
    if ((at = find(data, size, "\"hand\":{\"hand\":")) != NULL) player->hand = atol(at);
    if (seat != NULL && atoi(seat) != NOBODY) {
        now_seated(player, atoi(seat));
        if ((at = find(data, size, "\"can_check\":")) != NULL) player->can_check = *at == 't';
        if ((at = find(data, size, "\"clock\":{\"seat\":")) != NULL) turn_of(player, at, data + size);
        return;
    }
    sit(player);
}

static void come_again(Player *player) {
    retries++;
    call_at(now_ns() + RETRY_NS, player);
}

static void on_frame(Line *line, int opcode, uint8_t *data, size_t size) {
    Player *player = (Player *)line;
    const char *at;
    (void)opcode;
    if (begins(data, size, "{\"type\":\"update\"")) on_update(player, data, size);
    else if (begins(data, size, "{\"type\":\"welcome\"")) on_welcome(player, data, size);
    else if (begins(data, size, "{\"type\":\"refused\"")) {
        player->waiting = false;
        if (!player->seated) come_again(player);
        else if (refusals++ < 3) fprintf(stderr, "%.*s\n", (int)size, data);
    } else if (!player->seated && (at = find(data, size, "\"ref\":\"s\",\"seat\":")) != NULL)
        now_seated(player, atoi(at));
}

static void on_open(Line *line) { (void)line; }

static void on_end(Line *line) {
    Player *player = (Player *)line;
    if (player->seated) return;
    broken--;
    come_again(player);
}

/* ---- arriving, and coming back */

static void read_lines(void) {
    static char path[PATH_BYTES_MAX];
    int port;
    while (scanf("%d %2399s", &port, path) == 2 && player_count < PLAYERS_MAX) {
        Player *player = &players[player_count++];
        player->line.port = port;
        player->line.path = strdup(path);
        player->line.subprotocol = "squaredeal.v1.json";
        player->seat = NOBODY;
    }
}

static void sit_all(void) {
    for (int i = 0; i < player_count; i++) {
        uint64_t limit = now_ns() + 30000000000u;
        while (opening >= OPENING_MAX || i - seated >= OPENING_MAX) {
            if (now_ns() > limit) fail("nobody is seated any more");
            run(now_ns() + 2000000, NULL, 0);
        }
        open_line(&players[i].line);
    }
    run(now_ns() + 60000000000u, &seated, player_count);
    if (seated != player_count) fail("not everybody was seated");
}

/* The tables begin one after the other within a thinking time, as in six_seats.c: with all of them in
 * step each round of actions would come as one heap, which is a test of something else. */
static void start(void) {
    uint64_t now = now_ns();
    playing = true;
    for (int i = 0; i < player_count; i++) {
        Player *player = &players[i];
        if (!player->my_turn) continue;
        if (think_max_s <= 0) { act(player); continue; }
        player->thinking = true;
        call_at(now + (uint64_t)(think_max_s * 1e9 * i / player_count), player);
    }
}

/* Everybody loses his line; seconds until the last one is back at his seat. */
static double storm(void) {
    uint64_t began = now_ns();
    seated = 0;
    for (int i = 0; i < player_count; i++) {
        Player *player = &players[i];
        hang_up(&player->line);
        player->seated = player->my_turn = player->waiting = false;
    }
    timer_count = 0; /* nobody thinks any more */
    for (int i = 0; i < player_count; i++) {
        players[i].thinking = false;
        call_at(began + (uint64_t)(storm_s * 1e9 * random_part()), &players[i]);
    }
    run(began + 60000000000u, &seated, player_count);
    if (seated != player_count) fail("not everybody came back");
    return (double)(now_ns() - began) / 1e9;
}

static void read_options(int count, char **words) {
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = words[i] + 2, *value = words[i + 1];
        if (!strcmp(name, "buyin")) buy_in = atol(value);
        else if (!strcmp(name, "think-min")) think_min_s = atof(value);
        else if (!strcmp(name, "think-max")) think_max_s = atof(value);
        else if (!strcmp(name, "warm")) warm_s = atof(value);
        else if (!strcmp(name, "secs")) measured_s = atof(value);
        else if (!strcmp(name, "storm")) storm_s = atof(value);
        else if (!strcmp(name, "fold")) fold_percent = atoi(value);
        else if (!strcmp(name, "pids")) pids = value;
        else fail("an option is unknown");
    }
    if (measured_s > 120 || warm_s > 60) fail("at most 120 s, after 60 s of warming up");
}

int main(int count, char **words) {
    read_options(count, words);
    players = calloc(PLAYERS_MAX, sizeof *players);
    poller = epoll_create1(0);
    read_lines();
    double empty_kb = rss_kb(pids);
    sit_all();
    run(now_ns() + 500000000u, NULL, 0);
    double idle_kb = rss_kb(pids);
    start();
    run(now_ns() + (uint64_t)(warm_s * 1e9), NULL, 0);
    double cpu = cpu_s(pids), own = own_cpu_s();
    uint64_t began = now_ns(), bytes = bytes_in, frames = frames_in;
    measuring = true;
    run(began + (uint64_t)(measured_s * 1e9), NULL, 0);
    measuring = false;
    double seconds = (double)(now_ns() - began) / 1e9;
    cpu = cpu_s(pids) - cpu, own = own_cpu_s() - own;
    bytes = bytes_in - bytes, frames = frames_in - frames;
    double end_kb = rss_kb(pids), back_s = 0;
    uint64_t cut = broken;
    if (storm_s > 0) back_s = storm();
    sort_latencies();
    double each = actions ? 1.0 / (double)actions : 0;
    printf("{\"players\":%d,\"actions_s\":%.1f,\"cpu_s_per_1k\":%.5f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
           "\"p999_ms\":%.3f,\"bytes_per_action\":%.0f,\"messages_per_action\":%.2f,"
           "\"server_cpu\":%.3f,\"generator_cpu\":%.3f,\"kb_per_player\":%.2f,\"server_mb\":%.1f,"
           "\"back_s\":%.2f,\"retries\":%lu,\"refused\":%lu,\"broken\":%lu}\n",
           player_count, (double)actions / seconds, 1000 * cpu * each, quantile(0.5), quantile(0.99),
           quantile(0.999), (double)bytes * each, (double)frames * each, cpu / seconds, own / seconds,
           (idle_kb - empty_kb) / player_count, end_kb / 1024, back_s, retries, refusals, cut);
    return actions == 0 || cut;
}
