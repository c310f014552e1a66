/* The generator of the six-seat workload: one line a player, in the words of each server.
 *
 *   six_seats --port 9000 --tables 256 --think 0 --warm 1.5 --secs 3 --pids 123 --framing json
 *
 * Prints one JSON object. At most one action of a table is under way; `act` to own `upd` is what is
 * timed. Framings: `json` as it is, `socketio` (Engine.IO 4, events), `colyseus` (room messages).
 */
#include "line.h"

enum { SEATS = 6 };
enum Framing { JSON, SOCKETIO, COLYSEUS };

typedef struct {
    Line line;
    int table, seat;
    bool waiting;
    long hand, seq; /* of the action to send, or that was sent */
    uint64_t sent_at;
} Player;

static Player *players;
static int port = 9000, tables = 1, player_count, seated;
static enum Framing framing = JSON;
static double think_s = 0, warm_s = 1.5, measured_s = 3;
static const char *pids = "";
static bool playing, measuring;
static uint64_t actions, broadcasts, refusals, wrong;

/* ---- numbers in MessagePack */

static size_t pack(uint8_t *out, long value) {
    if (value < 128) return out[0] = (uint8_t)value, 1;
    out[0] = 0xce;
    for (int i = 0; i < 4; i++) out[1 + i] = (uint8_t)(value >> (24 - 8 * i));
    return 5;
}

static uint8_t *unpack(uint8_t *at, long *value) {
    uint8_t kind = *at++;
    int size = kind == 0xcc || kind == 0xd0 ? 1 : kind == 0xcd || kind == 0xd1 ? 2 : 4;
    if (kind < 0x80) return *value = kind, at;
    if (kind >= 0xe0) return *value = (int8_t)kind, at;
    for (*value = 0; size > 0; size--) *value = *value << 8 | *at++;
    return at;
}

/* ---- acting */

static size_t packed_action(uint8_t *out, long hand, long seq, long amount) {
    size_t size = 0;
    memcpy(out, "\x0d\xa3" "act" "\x83\xa4" "hand", 11), size += 11; /* 13: ROOM_DATA */
    size += pack(out + size, hand);
    memcpy(out + size, "\xa3" "seq", 4), size += 4;
    size += pack(out + size, seq);
    memcpy(out + size, "\xa6" "amount", 7), size += 7;
    return size + pack(out + size, amount);
}

static void act(Player *player) {
    uint8_t out[200];
    char *text = (char *)out;
    long hand = player->hand, seq = player->seq, amount = 1 + (7 * seq + hand) % 5;
    int size;
    if (!playing || player->line.state != OPEN) return;
    if (framing == COLYSEUS)
        size = (int)packed_action(out, hand, seq, amount);
    else
        size = snprintf(text, sizeof out,
                        framing == JSON ? "{\"type\":\"act\",\"hand\":%ld,\"seq\":%ld,\"amount\":%ld}"
                                        : "42[\"act\",{\"hand\":%ld,\"seq\":%ld,\"amount\":%ld}]",
                        hand, seq, amount);
    player->waiting = true;
    player->sent_at = now_ns();
    send_frame(&player->line, framing == COLYSEUS ? OP_BINARY : OP_TEXT, out, (size_t)size);
}

static void on_time(void *subject) { act(subject); }

static void my_turn(Player *player, long hand, long seq) {
    player->hand = hand, player->seq = seq;
    if (think_s > 0) call_at(now_ns() + (uint64_t)(think_s * 1e9), player);
    else act(player);
}

/* ---- what the server says; the numbers come in the order of the frame's keys */

static void on_update(Player *player, const long *n) { /* hand seq actor amount pot turn */
    broadcasts += measuring;
    if (n[2] == player->seat && player->waiting) {
        wrong += n[0] != player->hand || n[1] != player->seq;
        player->waiting = false;
        if (measuring) actions++, took(now_ns() - player->sent_at);
    }
    if (n[5] == player->seat) my_turn(player, n[0], n[1] + 1);
}

static void on_message(Player *player, int kind, const long *n, int count) {
    if (kind == 'u' && count == 6) on_update(player, n);
    else if (kind == 'o' && count == 4) { /* hand winner pot turn */
        broadcasts += measuring;
        if (n[3] == player->seat) my_turn(player, n[0] + 1, 0);
    } else if (kind == 's' && count == 1) player->seat = (int)n[0], seated++;
    else if (kind != 's') refusals++; /* `start` has two numbers and says nothing new */
}

static int numbers(const uint8_t *at, const uint8_t *end, long *n, int max) {
    int count = 0;
    while (at < end && count < max) {
        if (*at < '0' || *at > '9') { at++; continue; }
        long sign = at[-1] == '-' ? -1 : 1, value = 0;
        for (; at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + *at - '0';
        n[count++] = sign * value;
    }
    return count;
}

static void on_json(Player *player, uint8_t *data, size_t size) { /* {"type":"upd",... */
    long n[8];
    if (size < 12) { refusals++; return; }
    on_message(player, data[9], n, numbers(data + 12, data + size, n, 8));
}

static void on_socketio(Player *player, uint8_t *data, size_t size) {
    long n[8];
    char text[40];
    if (size && data[0] == '0') /* Engine.IO is open: join the namespace, say which table */
        send_frame(&player->line, OP_TEXT, text,
                   (size_t)snprintf(text, sizeof text, "40{\"table\":%d}", player->table));
    else if (size && data[0] == '2') send_frame(&player->line, OP_TEXT, "3", 1);
    else if (size > 6 && data[0] == '4' && data[1] == '2') /* 42["upd",{... */
        on_message(player, data[4], n, numbers(data + 5, data + size, n, 8));
}

static void on_colyseus(Player *player, uint8_t *data, size_t size) {
    enum { JOIN_ROOM = 10, ROOM_DATA = 13 };
    long n[8];
    int count = 0;
    if (size == 0) return;
    if (data[0] == JOIN_ROOM) send_frame(&player->line, OP_BINARY, "\x0a", 1);
    if (data[0] != ROOM_DATA) return;
    uint8_t *kind = data + 2, *at = kind + (data[1] & 31), *end = data + size;
    at += (*at & 0xf0) == 0x80 ? 1 : *at == 0xde ? 3 : 0; /* a map: short keys, numbers */
    while (at < end && count < 8) {
        if ((*at & 0xe0) == 0xa0) at += 1 + (*at & 31);
        else at = unpack(at, &n[count++]);
    }
    on_message(player, *kind, n, count);
}

static void on_frame(Line *line, int opcode, uint8_t *data, size_t size) {
    Player *player = (Player *)line;
    (void)opcode;
    if (framing == JSON) on_json(player, data, size);
    else if (framing == SOCKETIO) on_socketio(player, data, size);
    else on_colyseus(player, data, size);
}

static void on_open(Line *line) { (void)line; }
static void on_end(Line *line) { (void)line; }

/* ---- arriving */

static void field(const char *text, const char *key, char *out, size_t room) {
    char quoted[40];
    snprintf(quoted, sizeof quoted, "\"%s\":\"", key);
    const char *at = strstr(text, quoted), *end;
    if (at == NULL || (end = strchr(at += strlen(quoted), '"')) == NULL || (size_t)(end - at) >= room)
        fprintf(stderr, "%s\n", text), fail("the matchmaker's answer has no seat");
    memcpy(out, at, (size_t)(end - at));
    out[end - at] = 0;
}

/* Colyseus gives seats out over HTTP, one request a player. */
static char *reserved_path(int table) {
    char text[4096], room[80], session[80], process[80], *path = malloc(300);
    char body[40];
    int size = snprintf(body, sizeof body, "{\"table\":%d}", table), fd = tcp(port, 0), got;
    size = snprintf(text, sizeof text,
                    "POST /matchmake/joinOrCreate/table HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    "Content-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s",
                    size, body);
    if (write(fd, text, (size_t)size) != size) fail("write");
    for (size = 0; (got = (int)read(fd, text + size, sizeof text - 1 - (size_t)size)) > 0;) size += got;
    close(fd);
    text[size] = 0;
    field(text, "roomId", room, sizeof room);
    field(text, "sessionId", session, sizeof session);
    field(text, "processId", process, sizeof process);
    snprintf(path, 300, "/%s/%s?sessionId=%s", process, room, session);
    return path;
}

static char *path_of(int table) {
    char *path = malloc(64);
    if (framing == COLYSEUS) return free(path), reserved_path(table);
    if (framing == SOCKETIO) return strcpy(path, "/socket.io/?EIO=4&transport=websocket");
    snprintf(path, 64, "/t/%d", table);
    return path;
}

static void sit_all(void) {
    for (int i = 0; i < player_count; i++) {
        Player *player = &players[i];
        *player = (Player){.table = i / SEATS, .seat = -1};
        player->line.port = port;
        player->line.path = path_of(player->table);
        open_line(&player->line);
        run(now_ns() + 30000000000u, &seated, i + 1); /* one by one: seats in order of arrival */
        if (seated != i + 1) fail("a player was not seated");
    }
}

static void start(void) {
    uint64_t now = now_ns();
    playing = true;
    for (int i = 0; i < player_count; i++) {
        Player *player = &players[i];
        if (player->seat != 1) continue;
        player->hand = 1, player->seq = 0;
        if (think_s > 0) call_at(now + (uint64_t)(think_s * 1e9 * player->table / tables), player);
        else act(player);
    }
}

static void read_options(int count, char **words) {
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = words[i] + 2, *value = words[i + 1];
        if (!strcmp(name, "port")) port = atoi(value);
        else if (!strcmp(name, "tables")) tables = atoi(value);
        else if (!strcmp(name, "think")) think_s = atof(value);
        else if (!strcmp(name, "warm")) warm_s = atof(value);
        else if (!strcmp(name, "secs")) measured_s = atof(value);
        else if (!strcmp(name, "pids")) pids = value;
        else if (!strcmp(name, "framing"))
            framing = value[0] == 'j' ? JSON : value[0] == 's' ? SOCKETIO : COLYSEUS;
        else fail("an option is unknown");
    }
    if (measured_s > 60 || warm_s > 60 || tables > 2000) fail("seconds to 60, tables to 2000");
}

int main(int count, char **words) {
    read_options(count, words);
    player_count = tables * SEATS;
    players = calloc((size_t)player_count, sizeof *players);
    poller = epoll_create1(0);
    double empty_kb = rss_kb(pids);
    sit_all();
    run(now_ns() + 700000000u, NULL, 0);
    double idle_kb = rss_kb(pids);
    start();
    run(now_ns() + (uint64_t)(warm_s * 1e9), NULL, 0);
    double cpu = cpu_s(pids), own = own_cpu_s();
    uint64_t began = now_ns(), bytes = bytes_in;
    measuring = true;
    run(began + (uint64_t)(measured_s * 1e9), NULL, 0);
    measuring = false;
    double seconds = (double)(now_ns() - began) / 1e9;
    cpu = cpu_s(pids) - cpu, own = own_cpu_s() - own, bytes = bytes_in - bytes;
    sort_latencies();
    double each = actions ? 1.0 / (double)actions : 0;
    printf("{\"actions_s\":%.1f,\"cpu_s_per_1k\":%.5f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,"
           "\"bytes_per_action\":%.0f,\"messages_per_action\":%.3f,\"server_cpu\":%.3f,"
           "\"generator_cpu\":%.3f,\"kb_per_player\":%.2f,\"refused\":%lu,\"wrong\":%lu,\"broken\":%lu}\n",
           (double)actions / seconds, 1000 * cpu * each, quantile(0.5), quantile(0.99), quantile(0.999),
           (double)bytes * each, (double)broadcasts * each, cpu / seconds, own / seconds,
           (idle_kb - empty_kb) / player_count, refusals, wrong, broken);
    return actions == 0 || refusals || wrong || broken;
}
