/* The floor under the six-seat workload: what the kernel asks for six writes an action, and hardly
 * more. One thread, epoll, one write(2) a seat and frame; no rules worth the name, no journal.
 *
 *   cc -O2 -o reference reference.c && ./reference 9001
 *
 * It ends by itself after LIFETIME_S. It is a measure, not a server: whoever connects must send the
 * sample key of RFC 6455, as the generators do, and small frames.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIFETIME_S = 600, SEATS = 6, ACTIONS = 24, STACK = 10000, TABLES_MAX = 4096,
       LINES_MAX = 65536, IN_BYTES_MAX = 2048, OUT_BYTES_MAX = 125, EVENTS_MAX = 256 };

typedef struct {
    int lines[SEATS], taken;
    int stacks[SEATS], pot, hand, seq, turn;
} Table;

typedef struct {
    bool open, upgraded;
    Table *table;
    int seat;
    size_t held;
    uint8_t in[IN_BYTES_MAX];
} Line;

static Table tables[TABLES_MAX];
static Line *lines[LINES_MAX];

static const char ANSWER[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/* A line that ends ends the measurement, which the generator notices: here it is nothing. */
static void put(int fd, const void *data, size_t size) {
    if (write(fd, data, size) != (ssize_t)size) return;
}

/* A text frame of at most OUT_BYTES_MAX, ready to be written; its whole size. */
static size_t framed(uint8_t *frame, const char *text, int size) {
    if (size > OUT_BYTES_MAX) abort();
    frame[0] = 0x81;
    frame[1] = (uint8_t)size;
    memcpy(frame + 2, text, (size_t)size);
    return (size_t)size + 2;
}

static void tell(int fd, const char *text, int size) {
    uint8_t frame[OUT_BYTES_MAX + 2];
    put(fd, frame, framed(frame, text, size));
}

static void tell_all(const Table *table, const char *text, int size) {
    uint8_t frame[OUT_BYTES_MAX + 2];
    size_t whole = framed(frame, text, size);
    for (int seat = 0; seat < table->taken; seat++) put(table->lines[seat], frame, whole);
}

/* The integer after a key, -1 if it is not there; `text` ends with a zero. */
static long number(const char *text, const char *key) {
    const char *at = strstr(text, key);
    return at == NULL ? -1 : strtol(at + strlen(key), NULL, 10);
}

static void end_hand(Table *table) {
    char text[OUT_BYTES_MAX + 1];
    int winner = table->hand % SEATS, next = (table->hand + 1) % SEATS;
    table->stacks[winner] += table->pot;
    int size = snprintf(text, sizeof text,
                        "{\"type\":\"over\",\"hand\":%d,\"winner\":%d,\"pot\":%d,\"turn\":%d}",
                        table->hand, winner, table->pot, next);
    table->hand++;
    table->seq = table->pot = 0;
    table->turn = next;
    tell_all(table, text, size);
}

static void act(Line *line, int fd, const char *text) {
    static const char refused[] = "{\"type\":\"err\",\"why\":\"refused\"}";
    Table *table = line->table;
    long hand = number(text, "\"hand\":"), seq = number(text, "\"seq\":");
    long amount = number(text, "\"amount\":");
    bool good = table->taken == SEATS && line->seat == table->turn && hand == table->hand &&
                seq == table->seq && amount >= 1 && amount <= table->stacks[line->seat];
    if (!good) {
        tell(fd, refused, sizeof refused - 1);
        return;
    }
    char out[OUT_BYTES_MAX + 1];
    table->stacks[line->seat] -= (int)amount;
    table->pot += (int)amount;
    table->seq++;
    bool last = table->seq == ACTIONS;
    table->turn = last ? -1 : (line->seat + 1) % SEATS;
    int size = snprintf(out, sizeof out,
                        "{\"type\":\"upd\",\"hand\":%ld,\"seq\":%ld,\"actor\":%d,\"amount\":%ld,"
                        "\"pot\":%d,\"turn\":%d}",
                        hand, seq, line->seat, amount, table->pot, table->turn);
    tell_all(table, out, size);
    if (last) end_hand(table);
}

static void hang_up(int fd) {
    close(fd);
    free(lines[fd]);
    lines[fd] = NULL;
}

/* The request is there: answer it, give the line the next seat, start at six. */
static void upgrade(Line *line, int fd) {
    char out[OUT_BYTES_MAX + 1];
    int number = atoi((char *)line->in + strlen("GET /t/"));
    if (number < 0 || number >= TABLES_MAX || tables[number].taken == SEATS) {
        hang_up(fd);
        return;
    }
    Table *table = line->table = &tables[number];
    line->upgraded = true;
    line->held = 0;
    line->seat = table->taken;
    put(fd, ANSWER, sizeof ANSWER - 1);
    table->stacks[line->seat] = STACK;
    table->lines[table->taken++] = fd;
    tell(fd, out, snprintf(out, sizeof out, "{\"type\":\"seat\",\"seat\":%d}", line->seat));
    if (table->taken < SEATS) return;
    table->hand = table->turn = 1;
    tell_all(table, out, snprintf(out, sizeof out, "{\"type\":\"start\",\"hand\":1,\"turn\":1}"));
}

/* Every whole frame that is there: masked, shorter than 126 bytes. */
static void read_frames(Line *line, int fd) {
    size_t at = 0;
    while (line->held - at >= 6) {
        uint8_t *frame = line->in + at;
        size_t size = frame[1] & 127;
        if (size > OUT_BYTES_MAX) {
            hang_up(fd);
            return;
        }
        if (line->held - at < 6 + size) break;
        char text[OUT_BYTES_MAX + 1];
        for (size_t i = 0; i < size; i++) text[i] = (char)(frame[6 + i] ^ frame[2 + (i & 3)]);
        text[size] = 0;
        if ((frame[0] & 15) == 1) act(line, fd, text);
        at += 6 + size;
    }
    line->held -= at;
    if (line->held && at) memmove(line->in, line->in + at, line->held);
}

static void readable(int fd) {
    Line *line = lines[fd];
    ssize_t got = read(fd, line->in + line->held, sizeof line->in - 1 - line->held);
    if (got <= 0) {
        hang_up(fd);
        return;
    }
    line->held += (size_t)got;
    if (line->upgraded) {
        read_frames(line, fd);
        return;
    }
    line->in[line->held] = 0;
    if (strstr((char *)line->in, "\r\n\r\n") != NULL) upgrade(line, fd);
}

static void welcome(int poll, int listener) {
    int one = 1, fd = accept(listener, NULL, NULL);
    if (fd < 0) return;
    if (fd >= LINES_MAX) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    lines[fd] = calloc(1, sizeof(Line));
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

int main(int count, char **words) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)(count > 1 ? atoi(words[1]) : 9001)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) {
        perror("listen");
        return 1;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS_MAX];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    printf("ready: port %d, process %d\n", ntohs(address.sin_port), (int)getpid());
    fflush(stdout);
    alarm(LIFETIME_S);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) welcome(poll, listener);
            else if (lines[fd] != NULL) readable(fd);
        }
    }
}
