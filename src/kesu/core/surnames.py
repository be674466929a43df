"""The signs of surnames by their sounds, as words of `core.pinyin` have them: whoever is called by one of them stands
together with the others in a list of names.

Common surnames of one sign in both scripts. One that is not here is found all the same, as any other part of a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TOLD: Final = """
ai 艾; an 安干广陰; ang 仰; ao 敖; ba 巴; bai 柏白; ban 班; bang 彭; bao 包暴薄鲍; bei 贝; ben 贲; bi 毕畢費贲;
bian 卞封边邊; bie 别; bing 平邴; bo 卜暴柏潘白蒲薄; bu 卜步薄; ca 蔡; cai 蔡; cang 臧苍蒼; cao 曹; cen 岑;
ceng 曾; cha 查; chai 查柴; chan 单單; chang 尚常昌; chao 巢晁; che 池車车; chen 沈湛陈陳; cheng 成盛程黨;
chi 池郗; chong 充; chou 仇鈕; chu 储儲涂祝褚諸; ci 司柴; cong 从從; cu 戚; cui 崔; dai 代戴逯;
dan 冉单單湛石詹; dang 党黨; dao 陶; deng 邓鄧; di 狄翟; diao 刁趙; ding 丁; dong 东東董; dou 窦竇都;
du 堵塗杜竇竺都; duan 段; e 鄂; fan 樊潘範范; fang 房方; fei 裴費费; feng 丰冯凤封豐逄酆馮鳳;
fu 付伏傅包宓富怀扶符費; gai 盖蓋; gan 干甘; gao 郜高; ge 戈盖葛蓋; geng 耿邢; gong 公宫巩弓红貢贡鞏龔龚;
gou 勾苟; gu 古家滑谷賈贾顧顾; guan 关權管關; guang 广廣; gui 桂隗; guo 国國郭; han 甘阚韓韩; hang 杭; hao 郝;
he 何和揭賀贺霍; heng 衡; hong 弘汪洪红; hou 侯后後; hu 和扈胡許许; hua 华滑花華; huai 怀; huan 宦桓;
huang 黃黄; hui 惠韋; huo 和越霍; ji 冀吉姬季居嵇暨汲瞿籍紀纪蓟計计齊齐; jia 夏家賈贾駱; jian 咸简簡錢;
jiang 姜強强江蒋蔣; jiao 喬焦; jie 家揭暨祖籍解; jin 金靳; jing 井景經经荆青; ju 仇居瞿車车鄒鞠; juan 甄;
jue 屈闕; kan 阚; kang 康杭; ke 柯; kong 孔空; kou 寇; ku 古; kua 華; kuai 蒯; kuang 匡廣; kui 夔隗; la 蓝藍;
lai 厲賴赖; lan 蓝藍連; lang 郎; lao 劳勞; le 乐樂; lei 婁盧雷; leng 冷; li 利厉厲李郦酈黎; lian 廉練练连連;
liang 梁; liao 勞廖; lin 任林蔺藺; ling 冷凌; liu 刘劉柳游陆陸; long 隆龍龐龙; lou 娄婁;
lu 卢盧祿禄谷路逯陆陸魯鲁; luan 栾欒; luo 罗羅路駱骆; lv 吕呂婁盧魯; ma 馬马麻; man 满滿; mang 龍; mao 毛茅;
mei 梅糜; men 滿; meng 孟明蒙; mi 宓米糜; miao 缪苗; mie 乜; min 閔闵; ming 明; miu 缪; mo 万莫; mou 毋缪;
mu 慕牧穆莫; na 那; nai 能; nan 冉; nei 那; neng 能; ni 倪; nie 乜倪幸聂聶; ning 宁寧; niu 牛鈕钮; nong 农農;
nuo 那; ou 欧歐; pan 卞潘; pang 庞彭房方逄龐; pao 包; pei 裴; peng 庄彭蓬; pi 皮; pian 平; ping 冯平馮;
pu 卜扶暴浦濮蒲; qi 宿戚揭支祁齊齐; qian 錢钱; qiang 強强; qiao 乔喬焦; qin 秦覃; qing 青; qiong 鞠;
qiu 仇秋裘邱; qu 屈曲瞿鞠; quan 全权權; que 屈闕阙; ran 冉; rao 饒饶; ren 任; reng 戎; rong 容戎榮荣融; ru 茹;
ruan 阮; rui 芮; ruo 芮; sa 蔡; sang 桑; sha 沙; shan 单單山邓; shang 商尚汤湯; shao 邵韶; she 厍聶葉;
shen 慎沈申莘; sheng 盛; shi 史师師施时時石郝; shou 壽寿; shu 俞朱束殳舒; shuang 双雙; shui 水; si 司;
song 宋松; su 宿苏蘇; sun 孙孫; suo 沙索霍; tai 能邰; tan 沈覃談譚谈谭; tang 唐汤湯黨; tao 姚陶; teng 滕;
ti 狄; tian 田; tiao 姚; tong 佟童通; tu 余塗屠杜涂; tun 吴; tuo 池; wan 万萬關; wang 匡方汪王;
wei 于卫危蔚衛隗韋韦魏; wen 文温溫聞闻; weng 翁; wo 沃; wu 乌伍吴巫武毋邬鄔; xi 习奚嵇席習郗; xia 夏; xian 咸;
xiang 向相項项; xiao 肖萧蕭; xie 叶解謝谢; xin 莘辛; xing 幸邢; xiong 熊; xiu 宿; xu 于余徐胥許许須须; xuan 宣;
xue 薛; xun 孫荀; yan 严嚴广晏殷燕覃閻闫阎顏颜; yang 仰养杨楊湯羊養; yao 姚樂陶; ye 叶涂葉;
yi 伊印姬施易益羿艾; yin 印尹殷阴陰; ying 应應景; yong 容雍; you 尤游; yu 于余俞喻庾王禹舒蔚虞谷郁魚鱼;
yuan 元原袁阮; yue 乐岳樂越; yun 云尹温雲; zai 宰; zan 昝; zang 臧; zeng 曾; zha 查; zhai 柴翟; zhan 湛詹;
zhang 张張章; zhao 晁赵趙; zhe 堵聶褚; zhen 慎甄陳; zheng 丁郑鄭; zhi 支祁酈; zhong 仲童終终董鍾钟; zhou 周祝;
zhu 宁朱祝竺褚諸诸; zhuang 庄莊; zhuo 卓; zi 訾齊; zong 从宗從; zou 邹鄒; zu 祖; zuo 左;
"""

_SIGNS: Final[Mapping[str, str]] = dict(one.split() for one in _TOLD.split(";") if one.strip())


def surnames_typed(word: str) -> str:
    """The signs that somebody means who types a sound or the first sign of a name; none for any other word."""
    return word if len(word) == 1 and not word.isascii() else _SIGNS.get(word, "")
